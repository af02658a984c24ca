// One after the other, in this order: the second works in the tree, and with what was prepared of it, that the first leaves.
import './debian.ts'
import './explain.ts'
