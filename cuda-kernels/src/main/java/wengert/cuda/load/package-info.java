/// Finds and loads NVIDIA's libraries and JCuda's natives for them, and says in one sentence, or in one
/// table, what a machine lacks: [wengert.cuda.load.Libraries] is the door.
package wengert.cuda.load;
