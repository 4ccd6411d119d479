using System.Runtime.CompilerServices;

// Buffers on the stack are written before they are read; clearing them first costs up to 15 ns in the reading of a closure.
[module: SkipLocalsInit]
