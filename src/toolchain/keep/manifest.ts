import * as v from "valibot";

/** What a kept part is, as manifest.json beside it has it. Paths are below its folder. */
export const manifestSchema = v.object({
	format: v.literal(1),
	part: v.picklist(["gcc", "clang", "pahole", "rust"]),
	/** ARCH word that it compiles for. */
	arch: v.string(),
	triplet: v.nullable(v.string()),
	version: v.string(),
	/** First line of its --version. */
	text: v.string(),
	plugins: v.boolean(),
	/** make variable → program ("CC" → "root/usr/bin/gcc-16"). */
	tools: v.record(v.string(), v.string()),
	/** What its programs read from their environment → a folder of it. */
	environment: v.record(v.string(), v.string()),
	/** Which provider and repository it came from, and whether it is the target's very version. */
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
	/** What was seen to work before it got its name. */
	tests: v.array(v.string()),
	/** Of the unpacked files. */
	bytes: v.number(),
	made: v.string(),
});

export type Manifest = v.InferOutput<typeof manifestSchema>;

/** Reads one back; null when it is none. */
export function parseManifest(text: string): Manifest | null {
	try {
		const parsed = v.safeParse(manifestSchema, JSON.parse(text));
		return parsed.success ? parsed.output : null;
	} catch {
		return null;
	}
}
