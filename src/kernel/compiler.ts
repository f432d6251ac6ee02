/** Whether two compiler texts name different compilers; the first word is only the name it was called by. */
export function differs(one: string | null, other: string | null): boolean {
	if (one === null || other === null) return false;
	const rest = (text: string) => text.trim().split(" ").slice(1).join(" ");
	return rest(one) !== rest(other);
}
