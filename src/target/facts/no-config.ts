import { KprepError } from "../../errors.ts";
import type { Target } from "../target.ts";
import { configPlaces } from "./vendors.ts";

/** Facts that stand without a config, and what each still proves. */
const PROVABLE: readonly [fact: keyof Target, what: string][] = [
	["release", "the release"],
	["version", "LINUX_VERSION_CODE"],
	["vermagic", "the vermagic"],
	["compiler", "the compiler"],
	["symvers", "exports and their CRCs"],
	["moduleLayoutCrc", "the CRC of module_layout"],
	["structModuleSize", "sizeof(struct module)"],
	["btf", "structure layouts (BTF)"],
	["randstructHash", "the RANDSTRUCT hash"],
	["signatureCheck", "whether signatures of modules are checked"],
	["retpoline", "retpolines"],
];

/**
 * The answer when the target's config is in no file, not in the image and not in /proc: it is not guessed. Says what
 * can still be proven, and where this vendor usually publishes it.
 */
export function configMissing(target: Target): KprepError {
	const release = target.release?.value ?? "";
	const known = PROVABLE.filter(([fact]) => target[fact] !== null).map(([, what]) => what);
	return new KprepError(
		"missing",
		"config-missing",
		`the config of ${release} is nowhere to be found, and is not guessed`,
		{
			expected:
				"a .config: in the headers, /boot, /lib/modules, /proc/config.gz, the image (IKCONFIG), or by --config FILE",
			found: `without it these can still be proven: ${known.join(", ")}`,
			suggestions: ["the same command with --config FILE", ...configPlaces(release)],
		},
	);
}
