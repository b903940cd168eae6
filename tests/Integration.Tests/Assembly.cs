// Most of these tests wait, for a lease or for another process: more of them at once than there are cores.
[assembly: CollectionBehavior(MaxParallelThreads = 4)]
