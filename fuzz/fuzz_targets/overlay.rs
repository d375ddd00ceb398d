//! See `telemetree_fuzz::overlay`.

#![no_main]

libfuzzer_sys::fuzz_target!(|bytes: &[u8]| telemetree_fuzz::overlay::one(bytes));
