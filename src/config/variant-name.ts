/** The form of a variant's name: it becomes the name of a folder and an entry of a workflow's matrix. */
export const variantName = /^[A-Za-z0-9_][A-Za-z0-9._-]*$/
