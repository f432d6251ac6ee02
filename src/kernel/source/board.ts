import * as v from "valibot";

const Way = v.strictObject({
	/** How it is had: a git repository at a ref, an archive to download, a source package of a distribution. */
	kind: v.picklist(["git", "archive", "package"]),
	/** Address of the repository or archive, or the package's name. */
	where: v.string(),
	/** git: tag, branch or commit; package: its version; a `*` stands for what the release does not tell. */
	ref: v.optional(v.string()),
	/** What the ref names: the very source, or a branch on which it is one commit among many. */
	exact: v.optional(v.boolean(), true),
	/** How a person goes on where the ref alone does not say it. */
	note: v.optional(v.string()),
});

const Rule = v.strictObject({
	/** Pattern for the whole release; its named groups are variables of the texts below. */
	release: v.pipe(v.string(), v.regex(/^\^.*\$$/)),
	/** os-release IDs, one of which the root must have: for releases that say nothing of who made them. */
	os: v.optional(v.array(v.string())),
	/** The word below arch/, when the kernel must be of that one. */
	arch: v.optional(v.string()),
	/** Variables looked up in a table: by the text of another variable, the longest key that it begins with. */
	tables: v.optional(
		v.record(v.string(), v.strictObject({ by: v.string(), values: v.record(v.string(), v.string()) })),
	),
	/** The most exact first; one that needs an unknown variable is passed over. */
	sources: v.array(Way),
	/** The kernel's configuration: a path in that tree, or an address. */
	config: v.optional(v.string()),
	/** What compiled it, as its makers say. */
	toolchain: v.optional(v.string()),
});

const BoardSchema = v.strictObject({
	id: v.pipe(v.string(), v.regex(/^[a-z\d-]+$/)),
	/** For people: "Raspberry Pi OS". */
	name: v.string(),
	kind: v.picklist(["board", "distribution", "device"]),
	/** Where this was read. */
	facts: v.string(),
	rules: v.array(Rule),
});

/** One file of templates/boards/: how releases of one maker become source, configuration and toolchain. */
export type Board = v.InferOutput<typeof BoardSchema>;
type Rule = v.InferOutput<typeof Rule>;

/** A file of templates/boards/ as a value. Throws valibot's ValiError where it is not of that form. */
export function parseBoard(json: unknown): Board {
	return v.parse(BoardSchema, json);
}

/** What is known of a kernel when its makers are looked for; `null` and absence both mean unknown. */
export interface BoardQuestion {
	/** `uname -r`. */
	release: string;
	/** V.P.S behind LINUX_VERSION_CODE. */
	version?: string | null;
	/** The word below arch/. */
	arch?: string | null;
	/** The source package's version, from a package database or the banner ("5.15.0-91.101", "6.1.76-1"). */
	sourceVersion?: string | null;
	/** os-release ID and ID_LIKE of the root that it runs. */
	os?: readonly string[];
}

export interface BoardSource {
	kind: "git" | "archive" | "package";
	where: string;
	/** null where the address is all. */
	ref: string | null;
	/** false: the ref is a branch, or has a `*` where the release does not tell. */
	exact: boolean;
	note: string | null;
}

export interface BoardAnswer {
	board: Pick<Board, "id" | "name" | "kind">;
	sources: BoardSource[];
	config: string | null;
	toolchain: string | null;
	/** The release's parts, by the names of the pattern. */
	parts: Record<string, string>;
}

/**
 * Who made the kernel of a release, and where its source, configuration and toolchain are: the boards whose pattern
 * the release fits, in the order given, those that need more than the release first. Empty when none does.
 */
export function boardsOf(question: BoardQuestion, boards: readonly Board[]): BoardAnswer[] {
	const answers = boards.flatMap((board) => {
		const rule = board.rules.find((one) => fits(one, question));
		if (rule === undefined) return [];
		const parts = partsOf(rule, question);
		const sources = rule.sources.flatMap((source) => {
			const where = filled(source.where, parts);
			const ref = source.ref === undefined ? null : filled(source.ref, parts);
			const note = source.note === undefined ? null : filled(source.note, parts);
			if (where === null || (source.ref !== undefined && ref === null)) return [];
			const exact = source.exact && !(ref ?? where).includes("*");
			return [{ kind: source.kind, where, ref, exact, note }];
		});
		const { id, name, kind } = board;
		const config = rule.config === undefined ? null : filled(rule.config, parts);
		const toolchain = rule.toolchain === undefined ? null : filled(rule.toolchain, parts);
		return [{ answer: { board: { id, name, kind }, sources, config, toolchain, parts }, rule }];
	});
	answers.sort((a, b) => Number(b.rule.os !== undefined) - Number(a.rule.os !== undefined));
	return answers.map(({ answer }) => answer);
}

function fits(rule: Rule, { release, arch, os = [] }: BoardQuestion): boolean {
	if (release.length > 128 || !new RegExp(rule.release).test(release)) return false;
	if (rule.os !== undefined && !rule.os.some((id) => os.includes(id))) return false;
	return rule.arch === undefined || arch === undefined || arch === null || arch === rule.arch;
}

/** `uname -m` of the words below arch/, where it is another. */
const MACHINES: Readonly<Record<string, string>> = {
	x86: "x86_64",
	arm64: "aarch64",
	arm: "armv7",
	powerpc: "ppc64le",
	s390: "s390x",
	riscv: "riscv64",
	loongarch: "loongarch64",
};

/** Named groups of the pattern, what is known besides, then the tables'. */
function partsOf(rule: Rule, question: BoardQuestion): Record<string, string> {
	const { release, version, arch, sourceVersion } = question;
	const groups = new RegExp(rule.release).exec(release)?.groups ?? {};
	const told = version ?? groups.version ?? /^\d+\.\d+(?:\.\d+)?/.exec(release)?.[0];
	const known = {
		release,
		...(told === undefined ? {} : { version: told, tag: told.replace(/^(\d+\.\d+)\.0$/, "$1") }),
		...(arch === undefined || arch === null ? {} : { arch, machine: MACHINES[arch] ?? arch }),
		...(sourceVersion === undefined || sourceVersion === null
			? {}
			: { sourceVersion: sourceVersion.replace(/^\d+:/, ""), sourceTag: gitName(sourceVersion) }),
		series: /^\d+\.\d+/.exec(told ?? release)?.[0],
		commit: /-g([0-9a-f]{7,40})(?=$|[-.+])/.exec(release)?.[1],
		...groups,
	};
	const parts: Record<string, string> = {};
	for (const [name, text] of Object.entries(known)) if (text !== undefined) parts[name] = text;
	for (const [name, { by, values }] of Object.entries(rule.tables ?? {})) {
		const text = parts[by];
		const key = Object.keys(values)
			.filter((prefix) => text?.startsWith(prefix))
			.sort((a, b) => b.length - a.length)[0];
		if (key !== undefined) parts[name] = values[key] as string;
	}
	return parts;
}

/** git allows no tilde in a name: Debian's packagers write an underscore. */
function gitName(version: string): string {
	return version.replace(/^\d+:/, "").replaceAll("~", "_");
}

/** The text with each `{name}` filled in; null when one is not known. */
function filled(text: string, parts: Record<string, string>): string | null {
	let known = true;
	const result = text.replaceAll(/\{(\w+)\}/g, (_, name: string) => {
		if (parts[name] === undefined) known = false;
		return parts[name] ?? "";
	});
	return known ? result : null;
}
