#![no_main]

libfuzzer_sys::fuzz_target!(|data: &[u8]| privicore_vault::fuzzing::previews(data));
