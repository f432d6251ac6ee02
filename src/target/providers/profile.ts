import { promisify } from "node:util";
import { inflateRaw } from "node:zlib";
import { KprepError } from "../../errors.ts";
import { FormatError } from "../../formats/error.ts";
import {
	decodeProfile,
	type PackedPart,
	type PartName,
	type Profile,
} from "../../formats/profile/profile.ts";
import { sha256 } from "../../host/files/digest.ts";
import { readRegular } from "../../host/files/regular.ts";
import { once } from "../facts/file-fact.ts";
import { symversFact } from "../facts/symvers-fact.ts";
import type { Evidence, FileFact } from "../target.ts";
import type { EvidenceProvider } from "./provider.ts";

/** No profile with BTF comes near it. */
const LARGEST = 128 * 1024 * 1024;

/** A profile written by `kprep capture`: the only voice on its target. */
export const profile: EvidenceProvider = {
	name: "profile",
	cost: "quick",
	gives: [],
	async gather({ profile: path }) {
		return path === null ? [] : [profileEvidence(path, await readProfile(path))];
	},
};

/** Reads and checks a profile; throws KprepError `profile-newer` or `profile-damaged` (3), with what is wrong in it. */
export async function readProfile(path: string): Promise<Profile> {
	const bytes = readRegular(path, { limit: LARGEST });
	try {
		return decodeProfile(bytes, sha256);
	} catch (error) {
		if (!(error instanceof FormatError)) throw error;
		if (error.code === "newer-schema") {
			throw new KprepError("missing", "profile-newer", `${path} was written by a newer kprep`, {
				found: error.message,
				where: path,
				suggestions: ["update kprep on this machine, or capture again with this version"],
				cause: error,
			});
		}
		throw damaged(path, `${error.code}: ${error.message}`, error);
	}
}

function profileEvidence(path: string, { facts, parts }: Profile): Evidence {
	const source = { kind: "profile", path } as const;
	const values = Object.entries(facts).map(([name, value]) => [name, { value, source }]);
	const file = (name: PartName): FileFact | null => {
		const found = parts.find((part) => part.name === name);
		return found === undefined ? null : { value: path, source, read: once(() => unpack(path, found)) };
	};
	return {
		...(Object.fromEntries(values) as Evidence),
		config: file("config"),
		symvers: symversFact(file("symvers")),
		makefile: file("makefile"),
		btf: file("btf"),
		randstructSeed: file("randstructSeed"),
		loader: file("loader"),
	};
}

/** Never writes more than the part's own size, which the format bounds. */
async function unpack(path: string, { name, size, packed }: PackedPart): Promise<Uint8Array> {
	const bytes = await promisify(inflateRaw)(packed, { maxOutputLength: Math.max(size, 1) }).catch((error) => {
		throw damaged(path, `${name} does not unpack to the ${size} bytes it should be`, error);
	});
	if (bytes.length !== size)
		throw damaged(path, `${name} unpacks to ${bytes.length} bytes instead of ${size}`);
	return bytes;
}

function damaged(path: string, found: string, cause?: unknown): KprepError {
	return new KprepError("missing", "profile-damaged", `${path} is damaged, or was made to harm`, {
		expected: "a file written by kprep capture, whole and unchanged",
		found,
		where: path,
		suggestions: ["copy it again, or capture again on the machine that runs the kernel"],
		cause,
	});
}
