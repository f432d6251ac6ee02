import * as v from "valibot";
import { FormatError } from "../error.ts";

const NAME = v.pipe(v.string(), v.regex(/^[\w.+-]{1,128}$/));
const COUNT = v.pipe(v.number(), v.integer(), v.minValue(0), v.maxValue(65536));

const SCHEMA = v.strictObject({
	little: v.boolean(),
	structModule: v.nullable(
		v.strictObject({ size: v.nullable(COUNT), init: v.nullable(COUNT), exit: v.nullable(COUNT) }),
	),
	/** Which texts of the loader were looked for in the image, and which are there. */
	texts: v.nullable(
		v.strictObject({
			asked: v.pipe(v.array(v.pipe(v.string(), v.maxLength(256))), v.maxLength(256)),
			held: v.pipe(v.array(v.pipe(v.string(), v.maxLength(256))), v.maxLength(256)),
		}),
	),
	refusesMissingVersion: v.nullable(v.boolean()),
	/** Keys that the image trusts: their names (pkcs7.ts), and SubjectPublicKeyInfo in base64. */
	keys: v.nullable(
		v.pipe(
			v.array(
				v.strictObject({
					ids: v.pipe(v.array(v.pipe(v.string(), v.regex(/^[\w:/]{1,512}$/))), v.maxLength(4)),
					key: v.pipe(v.string(), v.regex(/^[\w+/=]{1,8192}$/)),
				}),
			),
			v.maxLength(256),
		),
	),
	/** Names of the installed modules. */
	installed: v.nullable(v.pipe(v.array(NAME), v.maxLength(65536))),
	/** Names that parts of the image have in /sys/module: for certain, and possibly. */
	builtin: v.nullable(
		v.strictObject({
			certain: v.pipe(v.array(NAME), v.maxLength(65536)),
			possible: v.pipe(v.array(NAME), v.maxLength(65536)),
		}),
	),
});

/** What the loader's verdict asks for beside config, exports and BTF, as a profile keeps it. */
export type LoaderPart = v.InferOutput<typeof SCHEMA>;

/** The part as bytes; the same facts give the same bytes. */
export function encodeLoaderPart(part: LoaderPart): Uint8Array {
	return new TextEncoder().encode(JSON.stringify(part));
}

/** Throws FormatError "bad-part" for anything that capture would not have written. */
export function decodeLoaderPart(bytes: Uint8Array): LoaderPart {
	let json: unknown;
	try {
		json = JSON.parse(new TextDecoder("utf-8", { fatal: true }).decode(bytes));
	} catch {
		throw new FormatError("bad-part", "loader is not JSON");
	}
	const result = v.safeParse(SCHEMA, json);
	if (result.success) return result.output;
	const [issue] = result.issues;
	throw new FormatError("bad-part", `loader: ${v.getDotPath(issue) ?? "it"} is not what it should be`);
}
