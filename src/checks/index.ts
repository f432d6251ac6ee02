import type { Check } from "./check.ts";
import { config } from "./config.ts";
import { hostTools } from "./host-tools.ts";
import { randstruct } from "./randstruct.ts";
import { kernelrelease, makefile, release, versionCodeCheck } from "./release.ts";
import { rust } from "./rust.ts";
import { signing } from "./signing.ts";
import { symvers } from "./symvers.ts";
import { toolchain } from "./toolchain.ts";
import { vermagic } from "./vermagic.ts";

/** The checks that need no compiling, in the order in which they are reported. */
export const CHECKS: readonly Check[] = [
	release,
	versionCodeCheck,
	makefile,
	kernelrelease,
	config,
	toolchain,
	hostTools,
	symvers,
	randstruct,
	rust,
	vermagic,
	signing,
];
