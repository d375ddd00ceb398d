//! See `telemetree_fuzz::query`.

#![no_main]

libfuzzer_sys::fuzz_target!(|bytes: &[u8]| telemetree_fuzz::query::one(bytes));
