#!/usr/bin/env node
// Builds from the sources, then runs: for work on kprep itself.
import { build } from "./build.js";

await build();
const { main } = await import("../dist/main.js");
await main(import.meta.url);
