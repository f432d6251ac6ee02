import { buildFolder, missing, NOT_CHECKABLE, observed, type Probe } from "./probe.ts";

const LIBRARIES = [
	"/usr/lib",
	"/usr/lib64",
	"/lib64",
	"/usr/lib/x86_64-linux-gnu",
	"/usr/lib/aarch64-linux-gnu",
];

/** The folder that make was sent to, or that it entered. */
export const noKernelMakefile: Probe = ({ path }, machine) => {
	const folder = path?.[0];
	if (folder === undefined || !folder.startsWith("/")) return NOT_CHECKABLE;
	if (!machine.exists(`${folder}/`)) return observed(`${folder} is not on this machine`);
	const tree = machine.exists(`${folder}/Makefile`) && machine.exists(`${folder}/scripts`);
	return {
		verdict: tree ? "contradicted" : "confirmed",
		evidence: [`${folder} ${tree ? "has a Makefile and scripts/ now" : "has no Makefile and scripts/"}`],
	};
};

/** What a build leaves in a source tree (top Makefile, outputmakefile). */
export const builtIn: Probe = ({ path }, machine) => {
	const tree = path?.[0];
	if (tree === undefined || !tree.startsWith("/") || !machine.exists(`${tree}/Makefile`))
		return NOT_CHECKABLE;
	const left = [".config", "include/config", "include/generated"].filter((name) =>
		machine.exists(`${tree}/${name}`),
	);
	return {
		verdict: left.length > 0 ? "confirmed" : "contradicted",
		evidence: [left.length > 0 ? `${tree} holds ${left.join(", ")}` : `${tree} is clean now`],
	};
};

/** Header or library of a package, where compilers look for it. */
export const noPackageFile: Probe = (details, machine) => {
	const name = details.file?.[0] ?? "";
	const library = /^-l(\w{1,40})$/.exec(name)?.[1];
	if (library !== undefined) {
		const names = [`lib${library}.so`, `lib${library}.a`];
		return missing(() => LIBRARIES.flatMap((folder) => names.map((file) => `${folder}/${file}`)))(
			details,
			machine,
		);
	}
	if (!name.endsWith(".h")) return NOT_CHECKABLE;
	return missing(() => [`/usr/include/${name}`, `/usr/local/include/${name}`])(details, machine);
};

/** The distribution's own option, copied with its configuration. */
export const copiedKeys: Probe = ({ file }, machine) => {
	const keys = ["SYSTEM_TRUSTED_KEYS", "SYSTEM_REVOCATION_KEYS"].map((symbol) => machine.config(symbol));
	const name = file?.[0];
	if (name === undefined || keys.every((value) => value === null)) return NOT_CHECKABLE;
	const same = keys.some((value) => value?.includes(name));
	return same
		? {
				verdict: "confirmed",
				evidence: [`${machine.kernel}'s configuration names ${name}, too: it was copied`],
			}
		: observed(`${machine.kernel}'s configuration names another file`);
};

/** A key that is missing matters only where signatures are enforced. */
export const signaturesMatter: Probe = (_, machine) => {
	const enforced = machine.text("/sys/module/module/parameters/sig_enforce");
	return enforced === null
		? NOT_CHECKABLE
		: observed(
				`module.sig_enforce is ${enforced}: ${enforced === "Y" ? "the module has to be signed" : "unsigned modules are let in"}`,
			);
};

/** The compiler that built the running kernel, and whether it is here. */
export const kernelCompiler: Probe = (_, machine) => {
	const version = machine.text("/proc/version");
	const built = /\((\S*?(?:gcc|clang)\S*?)(?: \(| version |\))/
		.exec(version ?? "")?.[1]
		?.replace(/^.*gnu-(?=gcc)/, "");
	if (built === undefined) return NOT_CHECKABLE;
	const here = machine.program(built);
	return observed(
		`${machine.kernel} was built with ${built}`,
		`${built} is ${here === null ? "not " : ""}on PATH here`,
	);
};

/** A tree's own folders of architectures. */
export const archFolder: Probe = ({ file }, machine) => {
	const folder = file?.[0];
	if (folder === undefined || !/^arch\/[^/]{1,40}\/Makefile$/.test(folder)) return NOT_CHECKABLE;
	const known = machine.list(`${buildFolder(machine)}/arch`);
	if (known.length === 0) return NOT_CHECKABLE;
	const there = machine.exists(`${buildFolder(machine)}/${folder}`);
	return {
		verdict: there ? "contradicted" : "confirmed",
		evidence: [
			`the headers of ${machine.release} know ${known.slice(0, 6).join(" ")}${known.length > 6 ? "..." : ""}`,
		],
	};
};

/** What the mount of a file says about running and writing (proc(5)). */
export function mountHas(option: string): Probe {
	return ({ path, file }, machine) => {
		const name = (path ?? file)?.[0];
		const mounts = machine.text("/proc/self/mounts");
		if (name === undefined || !name.startsWith("/") || mounts === null || !machine.exists(name))
			return NOT_CHECKABLE;
		const [found] = mounts
			.split("\n")
			.map((line) => line.split(" "))
			.filter(([, point = ""]) => `${name}/`.startsWith(point === "/" ? "/" : `${point}/`))
			.sort(([, a = ""], [, b = ""]) => b.length - a.length);
		const options = found?.[3]?.split(",") ?? [];
		return {
			verdict: options.includes(option) ? "confirmed" : "contradicted",
			evidence: [`${found?.[1] ?? name} is mounted ${options.join(",")}`],
		};
	};
}

/** True of the folder that is named, whatever stands in it. */
export const folderIsThere: Probe = ({ path }, machine) => {
	const folder = path?.[0];
	if (folder === undefined || !folder.startsWith("/")) return NOT_CHECKABLE;
	return machine.exists(folder)
		? { verdict: "confirmed", evidence: [`${folder} is there, with a space or colon in its path`] }
		: observed(`${folder} is not on this machine`);
};
