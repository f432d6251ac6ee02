type Allows = (value: string) => boolean;

const ALLOWED = new WeakMap<object, Allows>();

/**
 * Marks a flag that a tree's own .kprep.ini may set. A tree may come from anyone: only what names no program, writes
 * nowhere else, confirms nothing and forces nothing gets this mark. `allows`: of which values that is true.
 */
export function byTree<F extends object>(flag: F, allows: Allows = () => true): F {
	ALLOWED.set(flag, allows);
	return flag;
}

/** Whether TREE/.kprep.ini may set this flag to this value. */
export function mayTreeSet(flag: object, value: string): boolean {
	return ALLOWED.get(flag)?.(value) ?? false;
}
