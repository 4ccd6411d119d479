using System.Buffers;

namespace Grid.Serialization;

/// <summary>
/// Writes object graphs, delegates with their captured variables, and exceptions as MessagePack, and reads them back. Thread-safe; what is
/// compiled per type is shared by all serializers of the process. The format is described in this project's README.
/// </summary>
public sealed class GridSerializer
{
    private readonly CodeIndex _code;

    /// <summary>Makes a serializer.</summary>
    /// <param name="options">The limits; not to be changed afterwards.</param>
    /// <param name="modules">Names assemblies and finds them again.</param>
    /// <exception cref="ArgumentOutOfRangeException">A limit is outside its range.</exception>
    public GridSerializer(SerializerOptions options, IModuleCatalog modules)
    {
        ArgumentNullException.ThrowIfNull(options);
        ArgumentNullException.ThrowIfNull(modules);
        options.Validate();
        Options = options;
        Modules = modules;
        _code = CodeIndex.Of(modules);
    }

    /// <summary>The limits.</summary>
    public SerializerOptions Options { get; }

    /// <summary>Names assemblies and finds them again.</summary>
    public IModuleCatalog Modules { get; }

    /// <summary>Writes one payload.</summary>
    /// <typeparam name="T">The static type; the reader must name the same one.</typeparam>
    /// <param name="output">Where to. When the call fails, what it left there, if anything, is not a payload.</param>
    /// <param name="value">The root of the graph.</param>
    /// <param name="rootName">What the root is called in the path of a <see cref="NotShippableException"/>.</param>
    /// <exception cref="NotShippableException">Something in the graph is tied to this process, or exceeds a limit.</exception>
    /// <exception cref="CodeShippingException">An assembly cannot be named.</exception>
    public void Write<T>(IBufferWriter<byte> output, T value, string rootName = "job")
    {
        ArgumentNullException.ThrowIfNull(output);
        var formatter = Formatters<T>.Instance;
        var isDirect = formatter.IsDirect && (typeof(T).IsValueType || value is null || value.GetType() == typeof(T));
        var state = WriteState.Rent(Options, _code);
        ShipmentRefusal? refusal;
        try
        {
            var writer = new PayloadWriter(state, isDirect ? output : null);
            formatter.Write(ref writer, value);
            if (isDirect)
            {
                writer.Flush();
            }
            else
            {
                writer.CheckBytes(0);
                PayloadHeader.Send(state, writer, output);
            }

            return;
        }
        catch (ShipmentRefusal e)
        {
            refusal = e;
        }
        catch (Exception e) when (e is not (GridException or OutOfMemoryException))
        {
            // A collection that changes says so in its own way.
            refusal = new ShipmentRefusal(null, typeof(T), $"writing it ended with {e.GetType().Name} ({e.Message.TrimEnd('.')}): does another thread change it meanwhile? Give the grid a copy");
        }
        finally
        {
            state.Return();
        }

        // Not in the catch block, which runs on top of the writer's frames: they may have used up the stack.
        throw PathFinder.Explain(refusal, value, rootName);
    }

    /// <summary>Reads one payload that takes up the whole input.</summary>
    /// <typeparam name="T">The static type that it was written with.</typeparam>
    /// <param name="input">The payload.</param>
    /// <param name="scope">What it is read for.</param>
    /// <returns>The root of the graph.</returns>
    /// <exception cref="MalformedPayloadException">The bytes are damaged, are of another type, exceed a limit, or are followed by more.</exception>
    /// <exception cref="CodeShippingException">A module, type or method that the payload names is not here, or is another version.</exception>
    public T Read<T>(ReadOnlySpan<byte> input, ReadScope scope = default)
    {
        if (input.Length > Options.PayloadBytesMax)
        {
            Malformed.Limit(0, "a length in bytes", input.Length, nameof(SerializerOptions.PayloadBytesMax), Options.PayloadBytesMax);
        }

        var value = Read<T>(input, out var consumed, scope);
        if (consumed != input.Length)
        {
            Malformed.Content(consumed, $"the payload ends here, and {input.Length - consumed} more bytes follow.");
        }

        return value;
    }

    /// <summary>Reads the payload at the start of the input, which may go on after it.</summary>
    /// <typeparam name="T">The static type that it was written with.</typeparam>
    /// <param name="input">The payload and what follows it.</param>
    /// <param name="consumed">How many bytes the payload took.</param>
    /// <param name="scope">What it is read for.</param>
    /// <returns>The root of the graph.</returns>
    /// <inheritdoc cref="Read{T}(ReadOnlySpan{byte}, ReadScope)" path="/exception"/>
    public T Read<T>(ReadOnlySpan<byte> input, out int consumed, ReadScope scope = default)
    {
        var payload = input.Length > Options.PayloadBytesMax ? input[..Options.PayloadBytesMax] : input;
        var code = scope.Modules is null ? _code : CodeIndex.Of(scope.Modules);
        var state = ReadState.Rent(Options, code, scope);
        try
        {
            var modules = PayloadHeader.Parse(payload, out var headerLength);
            var reader = new PayloadReader(state, payload[headerLength..], modules);
            var value = Formatters<T>.Instance.Read(ref reader);
            state.Complete();
            consumed = headerLength + reader.Position;
            return value;
        }
        catch (Exception e) when (e is not (GridException or OutOfMemoryException))
        {
            // Constructors and comparers refuse bad content in their own ways: a date out of range, a key that comes twice, a pattern with an error.
            throw new MalformedPayloadException($"The payload holds a value that cannot be rebuilt: {e.Message}", e);
        }
        finally
        {
            state.Return();
        }
    }

    /// <summary>
    /// Writes an exception so that it always arrives: what cannot be shipped of it (a field that holds a socket, a type made at run time) is left out,
    /// and the reader gets a <see cref="RemoteJobException"/> instead.
    /// </summary>
    /// <param name="output">Where to.</param>
    /// <param name="exception">The exception, usually just caught: its stack goes along.</param>
    public void WriteException(IBufferWriter<byte> output, Exception exception)
    {
        ArgumentNullException.ThrowIfNull(exception);
        Write(output, exception, "exception");
    }

    /// <summary>
    /// Reads what <see cref="WriteException"/> wrote: the exception itself with its remote stack, ready to be thrown with
    /// <see cref="System.Runtime.ExceptionServices.ExceptionDispatchInfo"/>, or a <see cref="RemoteJobException"/> when its type cannot be loaded or rebuilt here.
    /// </summary>
    /// <param name="input">The payload.</param>
    /// <param name="scope">What it is read for.</param>
    /// <returns>The exception.</returns>
    /// <exception cref="MalformedPayloadException">The bytes are not an exception.</exception>
    public Exception ReadException(ReadOnlySpan<byte> input, ReadScope scope = default) =>
        Read<Exception>(input, scope) ?? throw new MalformedPayloadException("The payload is nil where an exception was expected.");

    /// <summary>Lists the user modules that a payload needs, from its header alone.</summary>
    /// <param name="payload">A payload, or at least its header.</param>
    /// <returns>A view of the payload's bytes.</returns>
    /// <exception cref="MalformedPayloadException">The header is damaged.</exception>
    public static PayloadModules ReadModules(ReadOnlySpan<byte> payload) => new(PayloadHeader.Parse(payload, out _));
}
