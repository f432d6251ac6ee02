import { basename } from "node:path";
import { KprepError } from "../../errors.ts";
import { readDecompressed } from "../../host/archive/decompress.ts";
import type { Progress } from "../../host/progress.ts";
import type { Enforcement } from "../../kernel/bootline/enforcement.ts";
import type { Judged } from "../../kernel/loader/predict.ts";
import { withRemedies } from "../../kernel/loader/remedies.ts";
import type { CheckDocument, CheckedModule } from "../../kernel/loader/verdict.ts";
import type { BootResult } from "../../kernel/log/bootlog.ts";
import { loaderKnowledge } from "../../target/facts/loader-knowledge.ts";
import { resolveTarget } from "../../target/resolve.ts";
import type { TargetSpec } from "../../target/subject.ts";
import { judgeSet } from "./judge-set.ts";

export interface CheckOptions {
	/** Also boots the target's image and loads the modules there. */
	boot?: boolean;
	/** What the target's boot enforces, where the user knows it. */
	enforce?: Enforcement | undefined;
	/** The modules have nothing to do with one another: none is a sibling. */
	alone?: boolean;
	/** Module parameters for the boot, by module. */
	parameters?: ReadonlyMap<string, string>;
	signal?: AbortSignal;
}

/**
 * What the target will say to each of these module files (compressed or not), as a set: they may need one another. With
 * `boot` also what its image, booted, did say. Throws KprepError when one cannot be read, and what bootModules() throws.
 */
export async function checkModules(
	paths: string[],
	spec: TargetSpec,
	progress: Progress,
	{ boot = false, alone = false, enforce, parameters, signal }: CheckOptions = {},
): Promise<CheckDocument> {
	progress.step("target");
	const target = await resolveTarget(spec, progress);
	const knowledge = await loaderKnowledge(target, enforce);
	const unread = new Map<string, KprepError>();
	const members = paths.map((path) => ({
		path,
		read: () => readOrNote(path, paths.length > 1 ? unread : null),
	}));
	const onModule = (path: string) => progress.step("check", path);
	const judged = await judgeSet(members, knowledge, onModule, { alone });
	const modules = judged.map((one, at) => {
		const path = paths[at] as string;
		const error = unread.get(path);
		return error === undefined ? checked(path, one) : unreadable(path, error);
	});
	if (!boot) return { target: knowledge.release, modules };
	const { bootModules } = await import("../boot/modules.ts");
	const readable = paths.filter((path) => !unread.has(path));
	const said = await bootModules({
		...{ paths: readable, target, parameters, progress, signal },
		kernelArguments: bootWords(enforce),
	});
	const answers = new Map(readable.map((path, at) => [path, said[at] as BootResult]));
	return {
		target: knowledge.release,
		modules: modules.map((one) => {
			const answer = answers.get(one.path);
			return answer === undefined ? one : { ...one, boot: answer };
		}),
	};
}

/** A file of a set that cannot be read is one answer among others (noted in `unread`, and nothing given); a single one is an error. */
async function readOrNote(path: string, unread: Map<string, KprepError> | null): Promise<Uint8Array> {
	try {
		return await readDecompressed(path);
	} catch (error) {
		if (unread === null || !(error instanceof KprepError) || error.kind !== "missing") throw error;
		unread.set(path, error);
		return new Uint8Array();
	}
}

function unreadable(path: string, { message, suggestions }: KprepError): CheckedModule {
	const [remedy = "look at the file: it is damaged, or cut off"] = suggestions;
	return {
		...{ path, name: basename(path), verdict: "unknown", errno: null, message: null, messages: [] },
		...{ taints: [], warnings: [], needs: [], caveats: [] },
		reasons: [{ id: "file", expected: "a file that can be read", actual: message, remedy }],
	};
}

/** What is said to be enforced is enforced in the emulator too. */
function bootWords(enforce: Enforcement | undefined): string[] {
	if (enforce === "signature") return ["module.sig_enforce=1"];
	return enforce === "lockdown" ? ["lockdown=integrity"] : [];
}

function checked(path: string, { exports: _, imports: __, ...verdict }: Judged): CheckedModule {
	return { path, ...verdict, name: verdict.name || basename(path), reasons: withRemedies(verdict) };
}
