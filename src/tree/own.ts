import { lstatSync } from "node:fs";

/**
 * Whether all of these files and folders belong to the caller and nobody else may write them (git's safe.directory is
 * the model): what others can change is neither run nor believed. A path that is not there does not count against it.
 */
export function areCallers(paths: readonly string[]): boolean {
	const uid = process.geteuid?.();
	return paths.every((path) => {
		const status = lstatSync(path, { throwIfNoEntry: false });
		return status === undefined || status.isSymbolicLink()
			? status === undefined
			: status.uid === uid && (status.mode & 0o002) === 0;
	});
}
