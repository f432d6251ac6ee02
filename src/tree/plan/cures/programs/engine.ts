import { isOn } from "../../../../kernel/config/config.ts";
import type { Cure } from "../cure.ts";

const PROGRAMS = ["scripts/sign-file.c", "scripts/extract-cert.c", "certs/extract-cert.c"];
const NEEDS_THEM = ["MODULE_SIG", "MODULE_SIG_FORMAT", "SYSTEM_TRUSTED_KEYRING"];

/** OpenSSL 3 deprecated engines and 4 has none; some distributions leave their header out (programs before 6.12 include it). */
export const engine: Cure = {
	id: "openssl-engine",
	title: "the tree's signing programs want OpenSSL's engines",
	code: null,
	probe({ read, config, host }) {
		if (!NEEDS_THEM.some((symbol) => isOn(config, symbol))) return null;
		const program = PROGRAMS.find((path) => plainly(read(path) ?? ""));
		if (program === undefined) return null;
		const has = (header: string) =>
			host.compiles("hostcc", ["-fsyntax-only"], `#include <openssl/${header}>\n`).ok;
		// Without OpenSSL at all it is a missing package, which doctor knows.
		if (has("engine.h") || !has("evp.h")) return null;
		return {
			reason: `${program} includes openssl/engine.h, which this OpenSSL does not have`,
			files: PROGRAMS.filter((path) => plainly(read(path) ?? "")).map((path) => ({
				path,
				summary: "leave out engines: keys of a token (pkcs11:) cannot be used",
				edit: (text) => withoutEngines(text ?? ""),
			})),
		};
	},
};

const INCLUDE = /^#\s*include\s*<openssl\/engine\.h>\s*$/m;

/** Included without any condition on OpenSSL's version. */
function plainly(text: string): boolean {
	return INCLUDE.test(text) && !/OPENSSL_VERSION_MAJOR|OPENSSL_NO_ENGINE|USE_PKCS11_ENGINE/.test(text);
}

/** Engines are only reached through a key's name of `pkcs11:`; what stands in for them fails as an engine that is not there does. */
function withoutEngines(text: string): string {
	return text.replace(
		INCLUDE,
		[
			"/* kprep: this OpenSSL has no engines */",
			"#define OPENSSL_NO_ENGINE",
			"typedef struct kprep_engine ENGINE;",
			"#define ENGINE_load_builtin_engines() ((void)0)",
			"#define ENGINE_by_id(id) ((ENGINE *)0)",
			"#define ENGINE_init(e) 0",
			"#define ENGINE_ctrl_cmd_string(...) 0",
			"#define ENGINE_ctrl_cmd(...) 0",
			"#define ENGINE_load_private_key(...) ((EVP_PKEY *)0)",
		].join("\n"),
	);
}
