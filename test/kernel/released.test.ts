// One after the other, in this order: the later ones work in the tree, and with what was prepared of it, that the first leaves.
import './debian.ts'
import './explain.ts'
import './layouts.ts'
import './mutations.ts'
