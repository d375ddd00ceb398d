//! See `telemetree_fuzz::spec`.

#![no_main]

libfuzzer_sys::fuzz_target!(|bytes: &[u8]| telemetree_fuzz::spec::one(bytes));
