/** True for the path of a file below a folder that has nothing to resolve in it: not absolute, without `.` and `..`. */
export function isTreePath(path: string): boolean {
  return (
    path.length <= 4096 &&
    !path.includes('\0') &&
    path.split('/').every((part) => part !== '' && part !== '.' && part !== '..')
  )
}
