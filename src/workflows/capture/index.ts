import { createHash } from "node:crypto";
import { existsSync } from "node:fs";
import { dirname, resolve } from "node:path";
import { promisify } from "node:util";
import { constants, deflateRaw } from "node:zlib";
import { KprepError } from "../../errors.ts";
import { encodeLoaderPart } from "../../formats/profile/loader-part.ts";
import { encodeProfile, type PartName, type Profile } from "../../formats/profile/profile.ts";
import { sha256 } from "../../host/files/digest.ts";
import { writeAtomically } from "../../host/files/files.ts";
import { regularStream } from "../../host/files/regular.ts";
import type { Progress } from "../../host/progress.ts";
import { parseConfig } from "../../kernel/config/config.ts";
import { withoutPrivate } from "../../kernel/config/private-config.ts";
import { quoted } from "../../kernel/shell-word.ts";
import type { Captured } from "../../report/capture.ts";
import { loaderFacts } from "../../target/facts/loader-facts.ts";
import { loaderKnowledge } from "../../target/facts/loader-knowledge.ts";
import { resolveTarget } from "../../target/resolve.ts";
import type { TargetSpec } from "../../target/subject.ts";
import type { FileFact, Target } from "../../target/target.ts";

const VALUES = [
	"release",
	"version",
	"arch",
	"vermagic",
	"compiler",
	"packageVersion",
	"randstructHash",
	"moduleLayoutCrc",
	"structModuleSize",
	"signatureCheck",
	"retpoline",
	"moduleSignature",
	"enforcement",
	"blacklist",
] as const;
const FILES = [
	"config",
	"symvers",
	"makefile",
	"randstructSeed",
	"btf",
] as const satisfies readonly PartName[];
/** Facts that most kernels rightly have not. */
const RARE: readonly string[] = ["packageVersion", "randstructHash", "randstructSeed", "blacklist"];

/**
 * Writes the target's facts into one portable file: no host names, users, private keys or paths of this machine. `btf`
 * takes its type information in too, without which the BTF of modules cannot be judged. Throws as resolveTarget does.
 */
export async function capture(
	spec: TargetSpec,
	output: string,
	btf: boolean,
	progress: Progress,
): Promise<Captured> {
	const path = resolve(output);
	if (!existsSync(dirname(path))) {
		throw new KprepError("missing", "folder-not-found", `there is no folder ${dirname(path)}`, {
			where: path,
			suggestions: [`mkdir -p ${quoted(dirname(path))}`],
		});
	}
	const target = await resolveTarget(spec, progress, { thorough: true });
	const wanted = FILES.filter((name) => name !== "btf" || btf);
	const parts: Profile["parts"] = [];
	let shortened: string[] = [];
	for (const name of wanted) {
		const file = target[name];
		if (file === null) continue;
		progress.step("capture", name);
		let bytes = await file.read();
		if (name === "config") {
			const { text, symbols } = withoutPrivate(new TextDecoder().decode(bytes));
			bytes = new TextEncoder().encode(text);
			shortened = symbols;
		}
		parts.push({ name, size: bytes.length, packed: await packed(bytes) });
	}
	progress.step("capture", "loader");
	const loader = await loaderPart(target);
	parts.push({ name: "loader", size: loader.length, packed: await packed(loader) });
	const facts = plainFacts(target);
	const image = target.image === null ? null : await digest(target.image);
	const profile = encodeProfile({ facts, image, parts }, sha256);
	await writeAtomically(path, profile);
	const holds: string[] = [...Object.keys(facts), ...parts.map(({ name }) => name)];
	return {
		profile: path,
		bytes: profile.length,
		release: target.release?.value ?? "",
		holds,
		lacks: [...VALUES, ...wanted].filter((name) => !holds.includes(name) && !RARE.includes(name)),
		shortened,
		unreadable: target.unreadable,
		conflicts: target.conflicts,
	};
}

/** Enough for the verdict that the machine itself would give; without BTF, the members of struct module that it shows. */
async function loaderPart(target: Target): Promise<Uint8Array> {
	const config =
		target.config === null ? null : parseConfig(new TextDecoder().decode(await target.config.read()));
	const { btf: _, ...facts } = await loaderFacts(target, config);
	const { structModule } = await loaderKnowledge(target);
	const { members: __, ...shown } = structModule ?? { size: null, init: null, exit: null, members: null };
	return encodeLoaderPart({ ...facts, structModule: structModule === null ? null : shown });
}

function plainFacts(target: Target): Profile["facts"] {
	const known = VALUES.filter((name) => target[name] !== null);
	return Object.fromEntries(known.map((name) => [name, target[name]?.value])) as Profile["facts"];
}

async function packed(bytes: Uint8Array): Promise<Uint8Array> {
	return promisify(deflateRaw)(bytes, { level: constants.Z_BEST_COMPRESSION });
}

/** An image may be large: it is read in parts. */
async function digest({ value }: FileFact): Promise<Profile["image"]> {
	const hash = createHash("sha256");
	let bytes = 0;
	for await (const chunk of regularStream(value)) {
		hash.update(chunk);
		bytes += chunk.length;
	}
	return { sha256: hash.digest("hex"), bytes };
}
