//! What is shared: links to an exact moment.
