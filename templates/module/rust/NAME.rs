// SPDX-License-Identifier: GPL-2.0

//! @NAME@: greets the kernel log.
//!
//! Every line that it logs begins with the module's name.

use kernel::prelude::*;

module! {
    type: @CAMEL@,
    name: "@NAME@",
    description: "Greets the kernel log",
    license: "GPL",
}

/// What lives as long as the module is loaded.
struct @CAMEL@ {
    greeted: u32,
}

impl kernel::Module for @CAMEL@ {
    fn init(_module: &'static ThisModule) -> Result<Self> {
        pr_info!("Hello from Rust\n");
        Ok(@CAMEL@ { greeted: 1 })
    }
}

impl Drop for @CAMEL@ {
    fn drop(&mut self) {
        pr_info!("Goodbye, greeted {} time(s)\n", self.greeted);
    }
}
