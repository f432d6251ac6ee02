import { parse } from "ini";
import * as v from "valibot";
import { KprepError } from "../../errors.ts";

/** The name of a project's targets file (CONTRACT: "Targets file"). */
export const TARGETS_FILE = "kprep-targets.ini";

/** One section: what one target of a project is. Paths are as written, relative to the file's folder. */
export interface ProjectTarget {
	name: string;
	/** As --target; absent: what `sysroot` has, or the running kernel. */
	target?: string | undefined;
	sysroot?: string | undefined;
	config?: string | undefined;
	/** A tree's folder, an archive, or what `kprep source get` takes as WHERE; absent: the best that can be fetched. */
	source?: string | undefined;
	toolchain?: "auto" | "host" | "fetch" | undefined;
	/** What the target's boot enforces; absent: it is read. */
	enforce?: "none" | "signature" | "lockdown" | undefined;
}

const word = v.pipe(v.string(), v.trim(), v.nonEmpty("it is empty"));
const SECTION = v.strictObject({
	target: v.optional(word),
	sysroot: v.optional(word),
	config: v.optional(word),
	source: v.optional(word),
	toolchain: v.optional(v.picklist(["auto", "host", "fetch"], "it is auto, host or fetch")),
	enforce: v.optional(v.picklist(["none", "signature", "lockdown"], "it is none, signature or lockdown")),
});
const KEYS = Object.keys(SECTION.entries);

/**
 * The targets in the order in which they are written. `file` is named in errors: unknown keys, values that are none, a
 * section or key that is there twice, and a file without a section are usage errors with file and line.
 */
export function parseTargets(text: string, file: string): ProjectTarget[] {
	const lines = text.split("\n");
	const sections = headersOf(lines);
	const wrong = (line: number, message: string, expected?: string) =>
		new KprepError("usage", "bad-targets-file", message, {
			...{ where: `${file}:${line + 1}`, ...(expected === undefined ? {} : { expected }) },
			suggestions: ["mend that line, then run the same command again"],
		});
	const [first] = sections;
	if (first === undefined)
		throw wrong(0, "no target is named", "sections such as [debian-12] with target = RELEASE");
	const stray = lines.slice(0, first.line).findIndex((line) => keyOf(line) !== null);
	if (stray >= 0) throw wrong(stray, "a key stands before the first section", "[NAME] above it");
	const seen = new Set<string>();
	return sections.map(({ name, line, end }) => {
		if (name === "" || /[^\P{Cc}]|\//u.test(name)) throw wrong(line, "a target needs a plain name");
		if (seen.has(name)) throw wrong(line, `two targets are called ${name}`);
		seen.add(name);
		const keys = new Map<string, number>();
		for (let at = line + 1; at < end; at++) {
			const key = keyOf(lines[at] ?? "");
			if (key === null) continue;
			if (!KEYS.includes(key)) throw wrong(at, `unknown key '${key}'`, KEYS.join(", "));
			if (keys.has(key)) throw wrong(at, `'${key}' is there twice in [${name}]`);
			keys.set(key, at);
		}
		// Without its header the section cannot be nested by dots in its name.
		const values = Object.fromEntries(
			Object.entries(parse(lines.slice(line + 1, end).join("\n"))).map(([key, value]) => [
				key,
				String(value),
			]),
		);
		const read = v.safeParse(SECTION, values);
		if (read.success) return { name, ...read.output };
		const [issue] = read.issues;
		const key = String(issue?.path?.[0]?.key ?? "");
		throw wrong(keys.get(key) ?? line, `'${key}' of [${name}]: ${issue?.message}`);
	});
}

/** Section headers with where they begin and end. */
function headersOf(lines: string[]): { name: string; line: number; end: number }[] {
	const found = lines.flatMap((text, line) => {
		const name = /^\s*\[([^\]]*)\]\s*(?:[;#].*)?$/.exec(text)?.[1];
		return name === undefined ? [] : [{ name: name.trim(), line }];
	});
	return found.map((one, at) => ({ ...one, end: found[at + 1]?.line ?? lines.length }));
}

/** The key of a line; null for an empty one and for a comment. */
function keyOf(line: string): string | null {
	const text = line.trim();
	return text === "" || /^[;#]/.test(text) ? null : (text.split("=")[0] as string).trim();
}
