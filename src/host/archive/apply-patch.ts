import { patchFor } from "../../kernel/source/patch-parts.ts";
import { run } from "../process/run.ts";
import type { Progress } from "../progress.ts";
import { readDecompressed } from "./decompress.ts";

/**
 * Applies the patch in `file` (compressed or not) to `tree` with patch(1), -p1; of a partial tree, the sections whose
 * files are all `wanted`. Throws `command-failed` with patch's words when it does not apply.
 */
export async function applyPatch(
	file: string,
	tree: string,
	wanted: (path: string) => boolean,
	options: { progress: Progress; signal?: AbortSignal | undefined },
): Promise<void> {
	const text = new TextDecoder().decode(await readDecompressed(file, { what: file }));
	const input = patchFor(text, wanted);
	if (input.trim() === "") return;
	const words = ["--batch", "--forward", "--silent", "--no-backup-if-mismatch"];
	await run(["patch", "-p1", ...words, "-d", tree], { ...options, input });
}
