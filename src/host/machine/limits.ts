import { accessSync, constants, existsSync, lstatSync, readdirSync, readFileSync, statfsSync } from "node:fs";
import { dirname, join, resolve } from "node:path";
import { remedyFor } from "../../kernel/failures/catalogue.ts";

/** Something about the machine or the folder in which a kernel's build cannot work, or only badly. */
export interface Limit {
	id: "space" | "permission" | "noexec" | "case" | "path" | "wsl";
	problem: string;
	remedy: string;
	/** True when the build will fail; false when it may. */
	certain: boolean;
}

/** Room for host tools and generated headers, with debug information, and some more. */
const LEAST_BYTES = 1024 ** 3;

/** What stands in the way of building in `folder` (a tree, its output folder, or where one will be put). `mounts`: /proc/self/mounts. */
export function limitsOf(folder: string, mounts = readText("/proc/self/mounts")): Limit[] {
	const path = existing(resolve(folder));
	return [...pathLimits(resolve(folder)), ...permissionLimits(path), ...spaceLimits(path)].concat(
		...mountLimits(path, mounts),
		...caseLimits(path),
	);
}

function pathLimits(path: string): Limit[] {
	if (!/[\s:]/.test(path)) return [];
	return [
		{
			...{
				id: "path",
				certain: true,
				problem: `the kernel's build cannot work in '${path}': a space or colon`,
			},
			remedy: remedyFor("path-with-space", { path }),
		},
	];
}

function permissionLimits(path: string): Limit[] {
	try {
		accessSync(path, constants.W_OK | constants.X_OK);
		return [];
	} catch {
		return [
			{
				...{ id: "permission", certain: true, problem: `${path} cannot be written by this user` },
				remedy: remedyFor("tree-not-writable", { path }),
			},
		];
	}
}

function spaceLimits(path: string): Limit[] {
	const { bavail, bsize } = statfsSync(path);
	const free = bavail * bsize;
	if (free >= LEAST_BYTES) return [];
	return [
		{
			...{ id: "space", certain: free < LEAST_BYTES / 10 },
			problem: `${path} has only ${Math.floor(free / 1024 ** 2)} MiB free, and a build needs about 1 GiB`,
			remedy: remedyFor("disk-full", { path }),
		},
	];
}

/** The mount that holds the path is the longest mount point above it, and of equal ones the last (proc(5)). */
function mountLimits(path: string, mounts: string): Limit[] {
	const above = mounts
		.split("\n")
		.map((line) => line.split(" "))
		.filter(
			([, point]) =>
				point !== undefined && `${path}/`.startsWith(point === "/" ? "/" : `${unescaped(point)}/`),
		)
		.sort(([, a = ""], [, b = ""]) => a.length - b.length);
	const [, point = "", type = "", options = ""] = above.at(-1) ?? [];
	const limits: Limit[] = [];
	if (options.split(",").includes("noexec"))
		limits.push({
			...{
				id: "noexec",
				certain: true,
				problem: `${unescaped(point)} is mounted noexec: the build's own programs cannot run`,
			},
			remedy: remedyFor("noexec-mount", { path: unescaped(point) }),
		});
	if (["9p", "drvfs"].includes(type) && /microsoft/i.test(readText("/proc/version")))
		limits.push({
			...{
				id: "wsl",
				certain: false,
				problem: `${path} is on a Windows drive: slow, and without case or permissions`,
			},
			remedy: remedyFor("case-insensitive"),
		});
	return limits;
}

/** Octal escapes of white space in mount points. */
function unescaped(text: string): string {
	return text.replace(/\\([0-7]{3})/g, (_, octal) => String.fromCharCode(Number.parseInt(octal, 8)));
}

/** The kernel tree has names that differ in case only (xt_TCPMSS.h, xt_tcpmss.h). */
function caseLimits(path: string): Limit[] {
	const name = readdirSync(path).find((it) => it.toLowerCase() !== it);
	const folded = name?.toLowerCase();
	if (name === undefined || folded === undefined || !existsSync(join(path, folded))) return [];
	if (lstatSync(join(path, name)).ino !== lstatSync(join(path, folded)).ino) return [];
	if (readdirSync(path).includes(folded)) return [];
	return [
		{
			...{
				id: "case",
				certain: true,
				problem: `${path} does not tell upper and lower case apart, and the tree needs both`,
			},
			remedy: remedyFor("case-insensitive"),
		},
	];
}

/** The path itself, or the nearest folder above it that is there. */
function existing(path: string): string {
	return existsSync(path) || path === dirname(path) ? path : existing(dirname(path));
}

function readText(path: string): string {
	try {
		return readFileSync(path, "utf8");
	} catch {
		return "";
	}
}
