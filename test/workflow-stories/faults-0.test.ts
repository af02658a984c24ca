import { testFaults } from './fault-suite.ts'

// In two files, so that two processors share them.
testFaults(0)
