//! A loopback server that says what a test tells it to.
