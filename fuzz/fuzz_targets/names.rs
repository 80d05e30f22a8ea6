#![no_main]

libfuzzer_sys::fuzz_target!(|data: &[u8]| privicore_envelope::fuzzing::names(data));
