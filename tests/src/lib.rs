//! The whole product, native and in browsers.
