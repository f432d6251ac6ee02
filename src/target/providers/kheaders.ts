import { run } from "../../host/process/run.ts";
import { parseVersion } from "../../kernel/release/version-header.ts";
import { readableFile } from "../facts/look.ts";
import type { EvidenceProvider } from "./provider.ts";
import { hashInHeader } from "./randstruct.ts";

/** Headers that the running kernel carries in itself (CONFIG_IKHEADERS, 5.2 on): kernel/kheaders.c, kernel/gen_kheaders.sh. */
const ARCHIVE = "/sys/kernel/kheaders.tar.xz";
const VERSION = "./include/generated/uapi/linux/version.h";
const HASHES = [
	"./include/generated/randstruct_hash.h",
	"./include/generated/randomize_layout_hash.h",
] as const;

/** The version block and the RANDSTRUCT hash out of /sys/kernel/kheaders.tar.xz, for kernels whose headers are nowhere else. */
export const kheaders: EvidenceProvider = {
	name: "kheaders",
	cost: "slow",
	gives: ["version"],
	async gather(subject) {
		const archive = subject.running ? readableFile(subject, ARCHIVE) : null;
		if (archive === null) return [];
		const texts = await headersIn(archive);
		const source = { kind: "sys", path: archive } as const;
		const version = parseVersion(texts);
		const hash = hashInHeader(texts);
		return [
			{
				version: version === null ? null : { value: version, source },
				randstructHash: hash === null ? null : { value: hash, source },
			},
		];
	},
};

/** The texts of the wanted headers one after another; a member that is missing makes tar fail, which is passed over. */
async function headersIn(archive: string): Promise<string> {
	const { stdout } = await run(["tar", "-xJOf", archive, VERSION, ...HASHES], {
		accept: [2],
		timeout: 30_000,
	});
	return stdout;
}
