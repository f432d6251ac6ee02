import { expect } from "vitest";
import { KprepError } from "../../src/errors.ts";

/** The KprepError with which `work` fails; an assertion fails when it does not, or fails otherwise. */
export async function failure(work: Promise<unknown>): Promise<KprepError> {
	const error = await work.then(
		() => null,
		(reason: unknown) => reason,
	);
	expect(error).toBeInstanceOf(KprepError);
	return error as KprepError;
}
