import { existsSync, readdirSync, readFileSync, statSync } from "node:fs";
import { readFile, rm } from "node:fs/promises";
import { join } from "node:path";
import { attempt } from "../../host/process/run.ts";
import { exportedBy, parseGenksyms } from "../../kernel/kbuild/genksyms.ts";
import type { DeepProbe, DeepRequest } from "./probe.ts";

/** Exports whose types reach most of the structures that modules share with the kernel. */
const WANTED = [
	"module_layout",
	"__register_chrdev",
	"wake_up_process",
	"device_add",
	"register_netdev",
	"consume_skb",
	"kernel_read",
	"__alloc_pages",
	"iget_locked",
	"vfs_fsync",
	"kthread_create_on_node",
	"add_timer",
];

/** Folders that are looked through for the sources that export them, subfolders only where named. */
const FOLDERS = [
	"kernel",
	"kernel/module",
	"kernel/sched",
	"kernel/time",
	"mm",
	"fs",
	"drivers/base",
	"net/core",
	"lib",
];

export interface ExportCrcs {
	/** CRC by symbol, as the tree would build it. */
	crcs: Map<string, number>;
	/** Sources that were asked, relative to srctree. */
	sources: string[];
	/** Sources that could not be preprocessed, with the reason. */
	failed: { source: string; why: string }[];
}

/**
 * The CRCs that the tree would give its exports, without building it: the sources that export them are found by
 * looking, and run through the tree's own preprocessor command and its genksyms (scripts/Makefile.build:
 * cmd_gensymtypes_c). Nothing is written into the tree. null when the tree has no genksyms (MODVERSIONS off, or CRCs
 * made from debug information: GENDWARFKSYMS). Sources are asked until `seconds` are over.
 */
export async function exportCrcs(
	probe: DeepProbe,
	request: DeepRequest,
	seconds = 6,
): Promise<ExportCrcs | null> {
	const { tree, folder, progress, signal } = request;
	const genksyms = join(tree.output, "scripts/genksyms/genksyms");
	if (!existsSync(genksyms)) return null;
	const found: ExportCrcs = { crcs: new Map(), sources: [], failed: [] };
	const sources = sourcesOf(tree.path);
	const end = Date.now() + seconds * 1000;
	for (const [index, source] of sources.entries()) {
		// module_layout is the first, and is always asked.
		if (index > 0 && Date.now() > end) break;
		progress.note(`CRCs of ${source}`);
		const preprocessed = join(folder, `kprep-${index}.i`);
		const result = await probe.compile(["-E", "-D__GENKSYMS__"], join(tree.path, source), preprocessed);
		if (result.status !== 0) {
			found.failed.push({ source, why: result.stderr.split("\n")[0] ?? "" });
			continue;
		}
		const input = await readFile(preprocessed);
		await rm(preprocessed);
		const printed = await attempt([genksyms, "-r", "/dev/null"], {
			input,
			timeout: 30_000,
			signal,
			progress: quiet(progress),
		});
		for (const [symbol, crc] of parseGenksyms(printed.stdout)) found.crcs.set(symbol, crc);
		found.sources.push(source);
	}
	return found;
}

const LARGEST = 2 * 1024 * 1024;

/** The sources that export what is wanted, in the order of WANTED, each once. */
function sourcesOf(srctree: string): string[] {
	const exporters = new Map<string, string>();
	for (const folder of FOLDERS) {
		const place = join(srctree, folder);
		if (!existsSync(place)) continue;
		for (const name of readdirSync(place)) {
			const path = join(place, name);
			if (!name.endsWith(".c") || statSync(path).size > LARGEST) continue;
			const text = readFileSync(path, "latin1");
			if (!text.includes("EXPORT_")) continue;
			for (const symbol of exportedBy(text))
				if (!exporters.has(symbol)) exporters.set(symbol, join(folder, name));
		}
	}
	const sources = WANTED.map((symbol) => exporters.get(symbol)).filter((source) => source !== undefined);
	return [...new Set(sources)];
}

/** genksyms prints thousands of lines that nobody asked for. */
function quiet(progress: DeepRequest["progress"]): DeepRequest["progress"] {
	return { ...progress, verbose() {} };
}
