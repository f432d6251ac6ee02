import type { Entry } from "../entry.ts";
import { building, follows } from "../place.ts";
import { copiedKeys, signaturesMatter } from "../probes/building.ts";

/** Keys and certificates that a build or an install step wants. */
export const certificateEntries: Entry[] = [
	{
		id: "trusted-keys-missing",
		title: "The configuration names certificates that are not in this tree",
		place: building(25),
		cause:
			"CONFIG_SYSTEM_TRUSTED_KEYS or CONFIG_SYSTEM_REVOCATION_KEYS names {file|a certificate file} of the distribution's own build, which is not in this tree.",
		remedy:
			"Empty the option in .config (kprep sync does), or supply the file. Modules that are signed with those keys are then not trusted by this kernel, which does not matter for building modules.",
		commands: [
			'scripts/config --set-str SYSTEM_TRUSTED_KEYS ""',
			'scripts/config --set-str SYSTEM_REVOCATION_KEYS ""',
		],
		check: "grep -E 'SYSTEM_(TRUSTED|REVOCATION)_KEYS' .config",
		origin: "certs/Makefile (x509_certificate_list, x509_revocation_list), 4.3 and later",
		confirm: copiedKeys,
		patterns: [
			{
				needles: ["extract-cert", "loading certificate"],
				match:
					/(?:extract-cert: (?!.*signing_key)(?<file>\S{1,200}\.(?:pem|x509|crt|der))|Could not open file or uri for loading certificate\S{0,10} from (?<uri>\S{1,200}))/,
				read: ({ groups }) => ({ file: [groups?.file ?? groups?.uri ?? ""] }),
			},
		],
		event: (event) => {
			if (event.kind !== "no-rule") return null;
			const list =
				/x509_(?:certificate|revocation)_list|blacklist_hash_list|certs\/system_certificates|certs\/revocation_certificates/.test(
					event.neededBy ?? "",
				);
			if (/signing_key/.test(event.target) && !list) return null;
			return list || /\.pem$/.test(event.target) ? { details: { file: [event.target] } } : null;
		},
	},
	{
		id: "signing-digest-refused",
		title: "OpenSSL here refuses the digest that the configuration signs with",
		place: building(27),
		cause:
			"The kernel's configuration signs modules with a digest (SHA-1) that this system's OpenSSL or its policy no longer makes signatures with.",
		remedy:
			"Set CONFIG_MODULE_SIG_SHA512=y (MODULE_SIG_HASH sha512), or build without a key: modules_prepare does not need one.",
		commands: [
			"scripts/config -d MODULE_SIG_SHA1 -e MODULE_SIG_SHA512 --set-str MODULE_SIG_HASH sha512",
			"update-crypto-policies --show",
		],
		check: "grep MODULE_SIG .config; update-crypto-policies --show",
		origin: "OpenSSL 3 (crypto policies of RHEL 9 and Fedora 41), certs/Makefile",
		patterns: [
			{
				needles: ["nvalid digest", "nsupported digest", "nsupported:", "digest not allowed"],
				match:
					/(?:routines:|error:|SSL error:).{0,160}(?:invalid digest|digest not allowed|unsupported(?: digest)?:{0,2}.{0,40}(?:sha1|digest))/i,
				read: () => ({}),
			},
		],
	},
	{
		id: "signing-key-missing",
		title: "The private key for signing modules is not there",
		place: follows(20),
		cause: "{file|The signing key} does not exist here: headers never contain the kernel's private key.",
		remedy:
			"At install: ignore it where signatures are not enforced; otherwise sign the module with a key of your own that is enrolled. In a kernel build: let certs/ make the key, or reset CONFIG_MODULE_SIG_KEY to certs/signing_key.pem.",
		commands: ["cat /sys/module/module/parameters/sig_enforce", "mokutil --sb-state"],
		check: "CONFIG_MODULE_SIG_KEY, CONFIG_MODULE_SIG_ALL; whether Secure Boot is on",
		origin: "scripts/sign-file.c, scripts/Makefile.modinst; certs/Makefile",
		confirm: signaturesMatter,
		patterns: [
			{
				needles: ["sign-file", "signing_key", "sign_file"],
				match:
					/sign-file:? '?(?<file>\S{0,300}?\.?(?:pem|priv|key|x509|der|signing_key[^\s:']{0,20}))'?:? ?(?:: )?(?:No such file|.{0,80}$)/,
			},
			{
				needles: ["signing_key"],
				match:
					/(?<file>\S{0,200}signing_key\.(?:pem|priv|x509))'?:? (?:No such file|not found|does not exist|can't open|cannot open)/,
			},
			{
				needles: ["signing_key", "bss_file"],
				match:
					/(?:Can't open|[Cc]ould not open|Error opening)[^'"]{0,40}['"]?(?<file>\S{0,200}signing_key\.(?:pem|priv|x509))/,
			},
			{
				needles: ["kmodsign", "signing key", "private key", "Private key", "Signing key"],
				match:
					/Binary \S{0,200}kmodsign not found|(?:signing|private) key (?:file )?(?<file>\S{1,200}) (?:not found|does not exist|is missing)/i,
			},
		],
		event: (event) => {
			if (event.kind !== "no-rule") return null;
			const wanted = /signing_key|certs\/signing_key\.x509/;
			if (
				wanted.test(event.neededBy ?? "") ||
				(wanted.test(event.target) && !/x509_certificate_list/.test(event.neededBy ?? ""))
			)
				return { details: { file: [event.target] }, place: building(24) };
			return null;
		},
	},
];
