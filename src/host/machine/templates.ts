import { existsSync } from "node:fs";
import { dirname, join } from "node:path";
import { fileURLToPath } from "node:url";

let found: string | undefined;

/** Path on this machine of a file or folder in kprep's own templates/, in the sources, the bundle and every package alike. */
export function templatePath(...parts: string[]): string {
	found ??= search(dirname(fileURLToPath(import.meta.url)));
	return join(found, ...parts);
}

function search(start: string): string {
	for (let folder = start; ; folder = dirname(folder)) {
		const templates = join(folder, "templates");
		if (existsSync(join(templates, "packages"))) return templates;
		if (folder === dirname(folder)) throw new Error(`no templates/ above ${start}`);
	}
}
