import { quoted } from "../../shell-word.ts";
import type { CommandTemplate, Entry, Machine, Match, Verdict } from "../entry.ts";
import { type Place, refused, reported } from "../place.ts";
import { moduleFile } from "../poster/module-file.ts";
import { enforcing } from "../probes/loading.ts";
import { configured } from "../probes/probe.ts";
import type { LogEvent } from "../reading/events.ts";
import { says } from "../reading/pattern.ts";

const SIGN_FILE: CommandTemplate = (known, { scene, release }) => {
	const ko = moduleFile(known.module?.[0], scene);
	const [, plain = ko, packed = ""] = /^(.*\.ko)\.(xz|zst|gz)$/.exec(ko) ?? [];
	const signer = `/lib/modules/${release === null ? "$(uname -r)" : quoted(release)}/build/scripts/sign-file`;
	const sign = (file: string) => `sudo ${signer} sha256 KEY.priv KEY.der ${file}`;
	// The signature is of the plain file; the kernel unpacks xz with that check sum alone.
	const [unpack, pack] =
		packed === "xz"
			? [`sudo unxz ${ko} && `, ` && sudo xz --check=crc32 ${plain}`]
			: packed === "zst"
				? [`sudo unzstd -q --rm ${ko} && `, ` && sudo zstd -q --rm ${plain}`]
				: packed === "gz"
					? [`sudo gunzip ${ko} && `, ` && sudo gzip ${plain}`]
					: ["", ""];
	return [
		`${unpack}${sign(plain)}${pack} # the pair of keys: dkms has /var/lib/dkms/mok.key and mok.pub, Ubuntu /var/lib/shim-signed/mok/MOK.priv and MOK.der, akmods /etc/pki/akmods/private/private_key.priv and certs/public_key.der`,
	];
};

const SIGN: CommandTemplate[] = ["mokutil --sb-state", SIGN_FILE, "sudo mokutil --import KEY.der"];

/** Signatures, lockdown, privileges and security modules: what is refused before the module is even looked at. */
export const signatureEntries: Entry[] = [
	{
		id: "signature-rejected",
		title: "The kernel rejects the module's signature",
		place: refused(20),
		cause:
			"{module|The module} is signed with a key that this kernel does not trust, or is not signed while signatures are enforced (Secure Boot, CONFIG_MODULE_SIG_FORCE, module.sig_enforce).",
		remedy:
			"Sign the module with a key and enrol that key (mokutil --import, then confirm at the next boot); dkms does it by itself once its key is enrolled. Or switch the enforcement off knowingly: disable Secure Boot in the firmware.",
		commands: [
			"modinfo -F signer {module|NAME}; modinfo -F sig_key {module|NAME}",
			"sudo keyctl list %:.builtin_trusted_keys; sudo keyctl list %:.machine; sudo keyctl list %:.platform",
			...SIGN,
		],
		here: (_, { release }) => {
			const [, major, minor] = /^(\d+)\.(\d+)/.exec(release ?? "") ?? [];
			const old = major !== undefined && (Number(major) < 5 || (Number(major) === 5 && Number(minor) < 18));
			return old
				? "When it is signed and its key enrolled already: kernels before 5.18 know the machine owner's keys for modules by a distribution's patch alone (they land in .platform, which is for kexec); then only a key that was built in, a newer kernel or no Secure Boot helps."
				: "When it is signed and its key enrolled already: the key must show in .machine (or .secondary_trusted_keys); one in .platform does not count for modules.";
		},
		causes: [
			"a module built here is signed with a key made on the spot that was never enrolled",
			"the module was changed (stripped) after it was signed",
			"the kernel was rebuilt: its build key is another one now",
		],
		check: "modinfo -F signer FILE; mokutil --list-enrolled; cat /sys/module/module/parameters/sig_enforce",
		origin:
			"kernel/module/signing.c (5.4 and later: EKEYREJECTED for unsigned ones too), crypto/asymmetric_keys",
		patterns: [
			{
				needles: ["is rejected"],
				match:
					/[Ll]oading of (?:unsigned module|module with (?:unsupported crypto|unavailable key)|\S{1,100}) is rejected/,
			},
			says("PKCS#7 signature not signed with a trusted key"),
			says("<module>: module signature is blacklisted", { needles: ["signature is blacklisted"] }),
			{ needles: ["is blacklisted"], match: /[Mm]odule hash [0-9a-f]{8,200} is blacklisted/ },
			{
				needles: ["signature verification failed", "Module signature", "signature check failed"],
				match:
					/[Mm]odule (?:signature verification failed|signature check failed)|module signature verification failed/,
			},
		],
		event: (event) => byErrno(event, ["EKEYREJECTED"], reported(20)),
		returns: ["EKEYREJECTED"],
		confirm: enforced,
	},
	{
		id: "signature-required",
		title: "The kernel demands a signature and has no key for this module",
		place: refused(21),
		cause:
			"Signatures are enforced, and no key that the kernel knows fits {module|the module}: mostly it is not signed at all, under Secure Boot on a kernel before 5.4.",
		remedy: "Sign the module and enrol the key, or disable Secure Boot or the enforcement knowingly.",
		commands: SIGN,
		check: "modinfo -F signer FILE is empty; mokutil --sb-state; /sys/module/module/parameters/sig_enforce",
		origin: "kernel/module_signing.c, 3.7 and later (ENOKEY)",
		patterns: [says("Request for unknown module key '<words>'"), says("Request for unknown key '<words>'")],
		event: (event) => byErrno(event, ["ENOKEY"], reported(21)),
		returns: ["ENOKEY"],
		confirm: enforced,
	},
	{
		id: "signature-format",
		title: "The signature is of a kind that this kernel does not take",
		place: refused(19),
		cause:
			"What is appended to {module|the module} is not the PKCS#7 signature that the kernel expects, or it is damaged.",
		remedy: "Sign the module again with the scripts/sign-file of the kernel that must load it.",
		commands: [SIGN_FILE],
		check: "modinfo -F sig_id FILE; which sign-file made it",
		origin: "kernel/module_signature.c (mod_check_sig), 4.3 and later",
		confirm: configured(["MODULE_SIG"], (value) => value === "y"),
		patterns: [
			says("not signed with expected PKCS#7 message"),
			says("PKCS#7 signature info has unexpected non-zero params"),
			{
				needles: ["PKCS7: "],
				match:
					/\bPKCS7: (?:Unsupported (?:SignedData|SignerInfo|data type)|Only support pkcs7_signedData|SignedData-SignerInfo version|Unknown OID|Invalid module sig|Inconsistently supplied|Authenticode requires)/,
			},
			{
				needles: ["Unsupported digest algo: ", "Unsupported pkey algo: "],
				match: /\bUnsupported (?:digest|pkey) algo: \d{1,6}/,
			},
		],
		event: (event) => byErrno(event, ["ENOPKG", "EBADMSG"], reported(22)),
		returns: ["ENOPKG", "EBADMSG", "EKEYREJECTED", "ENOKEY", "EINVAL"],
	},
	{
		id: "lockdown",
		title: "Kernel lockdown forbids unsigned modules",
		place: refused(10),
		cause:
			"The kernel is locked down (mostly by Secure Boot), and {module|the module} has no signature that it trusts.",
		remedy:
			"Sign the module and enrol the key, or leave lockdown knowingly: disable Secure Boot, or take lockdown= off the kernel command line.",
		commands: ["cat /sys/kernel/security/lockdown", ...SIGN],
		check: "cat /sys/kernel/security/lockdown; mokutil --sb-state; /proc/cmdline",
		origin: "security/lockdown/lockdown.c, 5.4 and later; distribution patches before",
		patterns: [
			{
				needles: ["ockdown"],
				match:
					/Lockdown: (?:(?<tool>[^:]{1,64}): )?(?:[Uu]nsigned module loading|[Ll]oading (?:of )?unsigned modules?) is restricted/,
			},
			{
				needles: ["nsigned module", "nsigned kernel module"],
				match:
					/(?:[Ll]oading|[Uu]se) of unsigned (?:kernel )?modules? (?:is|are) restricted;? see|unsigned module loading is restricted/,
			},
		].map((pattern) => ({ ...pattern, read: () => ({}) })),
		returns: ["EPERM", "EACCES", "ENOKEY", "EKEYREJECTED"],
		confirm: (_, machine) => {
			const state = machine.text("/sys/kernel/security/lockdown");
			if (state === null)
				return { verdict: "not-checkable", evidence: ["/sys/kernel/security/lockdown is not readable"] };
			return {
				verdict: state.includes("[none]") ? "contradicted" : "confirmed",
				evidence: [`/sys/kernel/security/lockdown says ${state}`],
			};
		},
	},
	{
		id: "operation-not-permitted",
		title: "Loading was refused with EPERM",
		place: reported(30),
		cause:
			"The caller may not load modules: not root, in a container without CAP_SYS_MODULE, kernel.modules_disabled is set, or the kernel is locked down and its own line is missing here.",
		remedy:
			"Load it as root on the host itself. If that is so already, look at the kernel's line (sudo dmesg | tail): with 'Lockdown' in it the module must be signed; with lines of the driver itself, its init gave up with -1, which reads as EPERM: act on what they say.",
		commands: [
			"sudo dmesg | tail -20",
			"cat /proc/sys/kernel/modules_disabled /sys/kernel/security/lockdown",
		],
		causes: [
			"a vendor's driver returns -1 from its init: the number of EPERM, and no matter of rights",
			"the kernel's log level hides its line (dmesg -n 8)",
		],
		check: "id -u; grep CapEff /proc/self/status; systemd-detect-virt; sysctl kernel.modules_disabled",
		origin: "kernel/module (may_init_module), EPERM",
		patterns: [
			{
				needles: ["Operation not permitted", "EPERM"],
				match:
					/(?:Failed to load kernel modules?|sys_(?:f?init_module)|init_module\([^)]{0,200}\)) ?[:=] ?(?:-1 EPERM|Operation not permitted)/,
			},
		],
		event: (event) => byErrno(event, ["EPERM"], reported(30)),
		confirm: (_, machine) => {
			const evidence: string[] = [];
			if (machine.uid !== null)
				evidence.push(machine.uid === 0 ? "kprep runs as root" : "kprep does not run as root");
			const disabled = machine.text("/proc/sys/kernel/modules_disabled");
			if (disabled !== null) evidence.push(`kernel.modules_disabled is ${disabled}`);
			const state = machine.text("/sys/kernel/security/lockdown");
			if (state !== null) evidence.push(`lockdown is ${state}`);
			const reason = disabled === "1" || (state !== null && !state.includes("[none]"));
			return { verdict: reason ? "confirmed" : "not-checkable", evidence };
		},
	},
	{
		id: "selinux-denied",
		title: "A security module denies the load",
		place: refused(12),
		cause: "SELinux (or AppArmor, LoadPin...) policy does not let this process load {module|the module}.",
		remedy:
			"Load it from a domain that may (a root shell, systemd-modules-load), put the right label on the file (restorecon), or add the rule that the denial names to the policy.",
		commands: [
			"sudo ausearch -m avc -ts recent",
			({ tool, file, option }) =>
				option?.includes("lockdown")
					? [
							`sudo ausearch -m avc -c ${quoted(tool?.[0] ?? "modprobe")} --raw | audit2allow -M local-lockdown && sudo semodule -i local-lockdown.pp # allows just what was denied`,
							"cat /sys/kernel/security/lockdown; mokutil --sb-state",
						]
					: [`ls -Z ${file?.[0] === undefined ? "FILE" : quoted(file[0])}`],
			"getenforce",
		],
		here: ({ option }) =>
			option?.includes("lockdown")
				? "The class is lockdown (SELinux of 5.6 to 5.15): the policy denies the domain what lockdown would deny, unsigned modules for integrity, and the file's label plays no part. Sign the module, or allow that permission to that domain, or take a kernel since 5.16, which has no such class."
				: null,
		unsafe: "setenforce 0 switches all protection off, not only this rule.",
		check: "the avc line: which domain, which class (system module_load, capability sys_module, lockdown)",
		origin: "security/selinux, security/apparmor, security/loadpin",
		confirm: enforcing,
		patterns: [
			{
				needles: ["avc:"],
				match:
					/avc: ?denied ?\{ ?(?=[^}]{0,100}(?:module_load|sys_module|module_request|integrity|confidentiality|load_module))[^}]{0,120}\}/,
				read: ({ input = "" }) => ({
					...detail("tool", /comm='?([\w.-]{1,64})/.exec(input)?.[1]),
					...detail("file", /(?:path|name)='([^']{1,300}\.ko[^']{0,5})'/.exec(input)?.[1]),
					...detail("module", /([\w.-]{1,64})\.ko/.exec(input)?.[1]),
					...detail("option", /tclass=(lockdown)\b/.exec(input)?.[1]),
				}),
			},
			{
				needles: ["avc:"],
				match: /avc: ?denied .{1,300}comm='?(?:insmod|modprobe|kmod|systemd-modules)/,
				certainty: "likely",
				place: refused(13),
				read: ({ input = "" }) => ({
					...detail("tool", /comm='?([\w.-]{1,64})/.exec(input)?.[1]),
					...detail("file", /(?:path|name)='([^']{1,300}\.ko[^']{0,5})'/.exec(input)?.[1]),
					...detail("module", /([\w.-]{1,64})\.ko/.exec(input)?.[1]),
				}),
			},
			{
				needles: ["LSM: ", "LoadPin"],
				match: /Chromium OS LSM: \w{1,40} denied (?:module|obj)='?(?<file>[^\s']{1,300})/,
			},
			{ needles: ["DENIED"], match: /apparmor='?DENIED'?.{1,300}capname='?sys_module/ },
			{
				needles: ["kernel-module"],
				match: /LoadPin: kernel-module (?:\S{1,40} )?(?:old-api|pinning-locked|denied|disallowed).{0,200}/i,
			},
		],
		event: (event) => {
			const match = byErrno(event, ["EACCES"], reported(31));
			return match === null ? null : { ...match, certainty: "possible" };
		},
		returns: ["EACCES", "EPERM"],
	},
];

function byErrno(event: LogEvent, errnos: string[], place: Place): Match | null {
	if (event.kind !== "refusal" || !errnos.includes(event.errno)) return null;
	return { details: event.module === null ? {} : { module: [event.module] }, place };
}

function detail(name: "tool" | "file" | "module" | "option", value: string | undefined) {
	return value === undefined ? {} : { [name]: [value] };
}

function enforced(_: unknown, machine: Machine): Verdict {
	const value = machine.text("/sys/module/module/parameters/sig_enforce");
	const lockdown = machine.text("/sys/kernel/security/lockdown");
	if (value === null && lockdown === null) return { verdict: "not-checkable", evidence: [] };
	const locked = lockdown !== null && !lockdown.includes("[none]");
	const evidence = [
		...(value === null ? [] : [`module.sig_enforce is ${value}`]),
		...(lockdown === null ? [] : [`lockdown is ${lockdown}`]),
	];
	return { verdict: value === "Y" || locked ? "confirmed" : "contradicted", evidence };
}
