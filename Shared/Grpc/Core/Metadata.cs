using System.Collections;
using System.Text;

namespace Grpc.Core;

/// <summary>Headers or trailers of a call, in order; a key that ends in "-bin" has bytes for its value.</summary>
public sealed class Metadata : IList<Metadata.Entry>
{
    public const string BinaryHeaderSuffix = "-bin";

    public static readonly Metadata Empty = new Metadata().Freeze();

    private readonly List<Entry> _entries = [];
    private bool _frozen;

    public int Count => _entries.Count;

    public bool IsReadOnly => _frozen;

    public Entry this[int index]
    {
        get => _entries[index];
        set
        {
            ThrowIfFrozen();
            _entries[index] = value;
        }
    }

    public Entry? Get(string key) => _entries.FindLast(entry => entry.Key.Equals(key, StringComparison.OrdinalIgnoreCase));

    public string? GetValue(string key) => Get(key)?.Value;

    public byte[]? GetValueBytes(string key) => Get(key)?.ValueBytes;

    public IEnumerable<Entry> GetAll(string key) => _entries.Where(entry => entry.Key.Equals(key, StringComparison.OrdinalIgnoreCase));

    public void Add(string key, string value) => Add(new Entry(key, value));

    public void Add(string key, byte[] valueBytes) => Add(new Entry(key, valueBytes));

    public void Add(Entry item)
    {
        ThrowIfFrozen();
        _entries.Add(item);
    }

    public void Insert(int index, Entry item)
    {
        ThrowIfFrozen();
        _entries.Insert(index, item);
    }

    public bool Remove(Entry item)
    {
        ThrowIfFrozen();
        return _entries.Remove(item);
    }

    public void RemoveAt(int index)
    {
        ThrowIfFrozen();
        _entries.RemoveAt(index);
    }

    public void Clear()
    {
        ThrowIfFrozen();
        _entries.Clear();
    }

    public int IndexOf(Entry item) => _entries.IndexOf(item);

    public bool Contains(Entry item) => _entries.Contains(item);

    public void CopyTo(Entry[] array, int arrayIndex) => _entries.CopyTo(array, arrayIndex);

    public IEnumerator<Entry> GetEnumerator() => _entries.GetEnumerator();

    IEnumerator IEnumerable.GetEnumerator() => GetEnumerator();

    internal Metadata Freeze()
    {
        _frozen = true;
        return this;
    }

    private void ThrowIfFrozen()
    {
        if (_frozen)
            throw new InvalidOperationException("Object is read only.");
    }

    /// <summary>A key in lower case with its text or bytes.</summary>
    public sealed class Entry
    {
        private readonly string? _value;
        private readonly byte[]? _bytes;

        public Entry(string key, string value)
        {
            Key = Normalize(key);
            if (IsBinary)
                throw new ArgumentException("Cannot use string value for binary metadata key.", nameof(key));
            _value = value;
        }

        public Entry(string key, byte[] valueBytes)
        {
            Key = Normalize(key);
            if (!IsBinary)
                throw new ArgumentException($"A key with bytes ends in {BinaryHeaderSuffix}.", nameof(key));
            _bytes = [.. valueBytes];
        }

        public string Key { get; }

        public bool IsBinary => Key.EndsWith(BinaryHeaderSuffix, StringComparison.Ordinal);

        public string Value => _value ?? throw new InvalidOperationException("Cannot access string value of a binary metadata entry.");

        public byte[] ValueBytes => _bytes is null ? Encoding.ASCII.GetBytes(Value) : [.. _bytes];

        public override string ToString() => _bytes is null ? $"[Entry: key={Key}, value={_value}]" : $"[Entry: key={Key}, {_bytes.Length} bytes]";

        private static string Normalize(string key)
        {
            foreach (char c in key)
            {
                if (!char.IsAsciiLetterOrDigit(c) && c is not ('-' or '_' or '.'))
                    throw new ArgumentException($"Metadata key '{key}' has a character other than letters, digits, '-', '_' and '.'.", nameof(key));
            }
            return key.Length == 0 ? throw new ArgumentException("Metadata key is empty.", nameof(key)) : key.ToLowerInvariant();
        }
    }
}
