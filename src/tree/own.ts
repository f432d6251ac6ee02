import { lstatSync } from "node:fs";
import { ownedByCaller } from "../host/files/trust.ts";

/**
 * Whether all of these files and folders belong to the caller, and not everybody may write them: what others can change
 * is neither run nor believed without being asked. A path that is not there does not count against it.
 */
export function areCallers(paths: readonly string[]): boolean {
	return paths.every((path) => {
		const status = lstatSync(path, { throwIfNoEntry: false });
		if (status === undefined) return true;
		return ownedByCaller(path).ok && (status.isSymbolicLink() || (status.mode & 0o002) === 0);
	});
}
