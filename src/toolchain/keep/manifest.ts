import * as v from "valibot";

/** What a kept part is, as manifest.json beside it has it. Paths are below its folder. */
export interface Manifest {
	format: 1;
	part: "gcc" | "clang" | "pahole" | "rust";
	/** ARCH word that it compiles for. */
	arch: string;
	triplet: string | null;
	version: string;
	/** First line of its --version. */
	text: string;
	plugins: boolean;
	/** make variable → program ("CC" → "root/usr/bin/gcc-16"). */
	tools: Record<string, string>;
	/** What its programs read from their environment → a folder of it. */
	environment: Record<string, string>;
	/** Which provider and repository it came from, and whether it is the target's very version. */
	from: string;
	packages: { name: string; version: string; sha256: string; size: number; licences: string[] }[];
	/** What was seen to work before it got its name. */
	tests: string[];
	/** Of the unpacked files. */
	bytes: number;
	made: string;
}

const manifestSchema = v.object({
	format: v.literal(1),
	part: v.picklist(["gcc", "clang", "pahole", "rust"]),
	arch: v.string(),
	triplet: v.nullable(v.string()),
	version: v.string(),
	text: v.string(),
	plugins: v.boolean(),
	tools: v.record(v.string(), v.string()),
	environment: v.record(v.string(), v.string()),
	from: v.string(),
	packages: v.array(
		v.object({
			name: v.string(),
			version: v.string(),
			sha256: v.string(),
			size: v.number(),
			licences: v.array(v.string()),
		}),
	),
	tests: v.array(v.string()),
	bytes: v.number(),
	made: v.string(),
}) satisfies v.GenericSchema<Manifest>;

/** Reads one back; null when it is none. */
export function parseManifest(text: string): Manifest | null {
	try {
		const parsed = v.safeParse(manifestSchema, JSON.parse(text));
		return parsed.success ? parsed.output : null;
	} catch {
		return null;
	}
}
