//! See `telemetree_fuzz::contract`.

#![no_main]

libfuzzer_sys::fuzz_target!(|bytes: &[u8]| telemetree_fuzz::contract::one(bytes));
