import { boot, ostree } from "./boot.ts";
import { configPackage } from "./config-package.ts";
import { flag } from "./flag.ts";
import { headers } from "./headers.ts";
import { image } from "./image.ts";
import { kheaders } from "./kheaders.ts";
import { configsModule } from "./modules/configs-module.ts";
import { module } from "./modules/installed-modules.ts";
import { modulesDir } from "./modules/modules-dir.ts";
import { proc } from "./proc.ts";
import { profile } from "./profile.ts";
import type { EvidenceProvider } from "./provider.ts";

/** Everyone who may know something about a target. The order is that of asking; precedence.ts says whom to believe. */
export const PROVIDERS: readonly EvidenceProvider[] = [
	flag,
	profile,
	headers,
	modulesDir,
	boot,
	ostree,
	proc,
	configsModule,
	configPackage,
	module,
	image,
	kheaders,
];
