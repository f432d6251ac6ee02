import { openKernel } from "../../src/host/files/kernel-image.ts";
import { silent } from "../../src/host/progress.ts";
import { composeSymvers } from "../../src/kernel/symvers/symvers.ts";
import { vmlinuxEntries } from "../../src/target/facts/rebuilt-symvers.ts";
import { scanModules } from "../../src/target/providers/modules/scan-modules.ts";

/** Reads IMAGE and the modules below FOLDER as kprep does, and says what came out; a process of its own, for its peak memory. */
const [image = "", folder = ""] = process.argv.slice(2);
const [kernel, modules] = await Promise.all([openKernel(image), scanModules(folder, silent)]);
const symvers = composeSymvers([...vmlinuxEntries(kernel.exports ?? []), ...modules.exports]);
kernel.close();
console.log(
	JSON.stringify({
		release: kernel.banner?.release,
		modules: modules.count,
		exports: symvers.split("\n").length - 1,
		mebibytes: Math.round(process.resourceUsage().maxRSS / 1024),
	}),
);
