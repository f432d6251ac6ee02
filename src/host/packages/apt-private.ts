import { mkdirSync, readdirSync, readFileSync, rmSync, statfsSync, statSync, writeFileSync } from "node:fs";
import { basename, join } from "node:path";
import { KprepError } from "../../errors.ts";
import { Root } from "../files/root.ts";
import { alone } from "../files/waiting.ts";
import { inCache, NO_SPACE, noCacheSpace } from "../machine/cache.ts";
import { readDistribution } from "../machine/distribution.ts";
import { run } from "../process/run.ts";
import { type AptSource, parseSources, sourceLines } from "./apt-sources.ts";
import type { PackageContext } from "./package-source.ts";

export interface PrivateApt {
	/** Where lists and configuration are kept between calls; made when absent. */
	folder: string;
	/** false: only `suites`, not the machine's own. */
	own?: boolean;
	/** Suites besides the machine's own, without their -security and -updates, which come along: "oldstable", "sid". */
	suites?: string[];
	/** Architectures besides the machine's own, as dpkg names them. */
	architectures?: string[];
	/** Lists younger than this many hours are used as they are. */
	hours?: number;
}

/**
 * A context whose `env` makes apt-cache and apt-get use sources, lists and cache of their own in `folder`: the
 * machine's mirrors, the wanted suites and architectures. The system's lists and settings stay as they are, and no
 * root is needed. The lists are fetched when older than `hours` (24). A suite that the mirrors do not have is left out
 * without an error: look what is there with aptNames(). Another that fetches them into the same folder is waited for:
 * apt itself would give up, and half of the lists would pass for all. Throws KprepError "missing" where apt has no
 * usable sources, or where the lists cannot be written; half-fetched ones do not stay then.
 */
export function privateApt(wanted: PrivateApt, context: PackageContext): Promise<PackageContext> {
	return inCache(() => alone(wanted.folder, context, () => withLists(wanted, context)), wanted.folder);
}

async function withLists(wanted: PrivateApt, context: PackageContext): Promise<PackageContext> {
	const { folder } = wanted;
	const own = machineSources();
	const codename = readDistribution(new Root())?.codename ?? null;
	const lines = [
		...new Set([
			...(wanted.own === false ? [] : own.flatMap(sourceLines)),
			...otherSuites(own, codename, wanted.suites ?? []),
		]),
	];
	if (lines.length === 0)
		throw new KprepError("missing", "no-apt-sources", "apt has no package sources here", {
			expected: "/etc/apt/sources.list or a file in /etc/apt/sources.list.d",
			suggestions: ["kprep source list", "on other systems than Debian and Ubuntu: kprep sync --help"],
		});
	for (const name of FOLDERS) mkdirSync(join(folder, name), { recursive: true });
	const configuration = join(folder, "apt.conf");
	const text = `${lines.join("\n")}\n`;
	const changed = readOrNull(join(folder, "sources.list")) !== text;
	const settings = await configurationText(folder, wanted.architectures ?? [], context);
	const stale =
		changed ||
		readOrNull(configuration) !== settings ||
		hoursOld(join(folder, "updated")) > (wanted.hours ?? 24);
	const apt: PackageContext = { ...context, env: { ...context.env, APT_CONFIG: configuration } };
	if (!stale) return apt;
	const whole = !changed && readOrNull(join(folder, "updated")) !== null;
	try {
		writeFileSync(join(folder, "sources.list"), text);
		writeFileSync(configuration, settings);
		context.progress.step("package lists", (wanted.suites ?? []).join(", "));
		// 100: some suite is not there or cannot be reached; what was fetched can be used.
		const { status, stderr } = await run(["apt-get", "-q", "update"], {
			...{ env: { LC_ALL: "C.UTF-8", ...apt.env }, accept: [100], timeout: UPDATE_MINUTES * 60_000 },
			...{ progress: context.progress, signal: context.signal },
		});
		context.signal?.throwIfAborted();
		if (status === 100) context.progress.verbose(stderr);
		if (NO_SPACE.test(stderr) || (status === 100 && isFull(folder))) throw noCacheSpace(folder);
		// What came in part, or from an earlier day, is used; the next call asks again.
		if (hasLists(folder) && !INCOMPLETE.test(stderr)) writeFileSync(join(folder, "updated"), "");
	} catch (error) {
		// apt itself keeps older lists until it has the new ones.
		if (!whole) for (const name of NEW_ONES) rmSync(join(folder, name), { recursive: true, force: true });
		throw error;
	}
	return apt;
}

const UPDATE_MINUTES = 10;
/** apt's words for lists that did not all come; a suite that a mirror does not have is told otherwise. */
const INCOMPLETE = /^[EW]: (?:Failed to fetch|Some index files failed to download)/m;
const FOLDERS = ["lists/partial", "cache/archives/partial"];
/** What a fetch that did not come to its end leaves, and that must not pass for whole lists. */
const NEW_ONES = ["updated", "lists", "cache", "sources.list", "apt.conf"];
const LISTS = "/etc/apt/sources.list";

/** What apt of this machine is told to use, the distribution's own repositories only. */
export function machineSources(): AptSource[] {
	const root = new Root();
	const parts = root.list(`${LISTS}.d`).filter((it) => /\.(list|sources)$/.test(it));
	const files = [LISTS, ...parts.map((it) => `${LISTS}.d/${it}`)];
	const codename = readDistribution(root)?.codename ?? null;
	return files
		.flatMap((file) => parseSources(basename(file), root.text(file) ?? ""))
		.filter((it) => codename === null || it.suites.some((suite) => belongsTo(suite, codename)));
}

function belongsTo(suite: string, codename: string): boolean {
	return suite === codename || suite.startsWith(`${codename}-`) || ALIASES.test(suite);
}

const ALIASES = /^(old)*stable(-|$)|^testing(-|$)|^unstable$|^sid$/;
const WITH_PARTS = ["-updates", "-backports", "-security"] as const;
const WITHOUT_PARTS = new Set(["sid", "unstable", "experimental"]);

/** Lines for suites that the machine itself does not use, from the mirrors that it does use. */
function otherSuites(own: AptSource[], codename: string | null, suites: string[]): string[] {
	const main = own.find((it) => it.suites.some((suite) => !suite.includes("-"))) ?? own[0];
	const security = own.find((it) => it.suites.some((suite) => suite.endsWith("-security")));
	if (main === undefined) return [];
	return suites.flatMap((suite) => {
		const [, base = suite] = /^(.*?)(?:-backports|-security|-updates)?$/.exec(suite) ?? [];
		const lines = suite === codename ? [] : sourceLines({ ...main, suites: [base] });
		if (WITHOUT_PARTS.has(base)) return lines;
		for (const part of WITH_PARTS) {
			const source = part === "-security" && security !== undefined ? security : main;
			lines.push(...sourceLines({ ...source, suites: [`${base}${part}`] }));
		}
		return lines;
	});
}

async function configurationText(folder: string, others: string[], context: PackageContext): Promise<string> {
	const { stdout } = await run(["dpkg", "--print-architecture"], { progress: context.progress });
	const architectures = [...new Set([stdout.trim(), ...others])].map((it) => `"${it}";`).join(" ");
	return [
		`Dir::Etc::SourceList "${folder}/sources.list";`,
		'Dir::Etc::SourceParts "-";',
		`Dir::State::Lists "${folder}/lists";`,
		`Dir::Cache "${folder}/cache";`,
		`APT::Architectures { ${architectures} };`,
		// Root's apt would drop to a user who may not enter a folder below /root.
		'APT::Sandbox::User "root";',
		'Acquire::Languages "none";',
		'Acquire::Retries "3";',
		"",
	].join("\n");
}

/** Less than any list is left: apt does not always say so. */
function isFull(folder: string): boolean {
	const { bavail, bsize } = statfsSync(folder);
	return bavail * bsize < 2 << 20;
}

/** Whether apt's lists of that folder hold any repository. */
export function hasLists(folder: string): boolean {
	try {
		return readdirSync(join(folder, "lists")).some((name) => /_(?:In)?Release$/.test(name));
	} catch {
		return false;
	}
}

function readOrNull(path: string): string | null {
	try {
		return readFileSync(path, "utf8");
	} catch {
		return null;
	}
}

function hoursOld(path: string): number {
	try {
		return (Date.now() - statSync(path).mtimeMs) / 3_600_000;
	} catch {
		return Number.POSITIVE_INFINITY;
	}
}
