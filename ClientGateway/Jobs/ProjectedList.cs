using System.Collections;

namespace Capstan.ClientGateway.Jobs;

/// <summary>A list as something else, item by item when it is asked: a copy of a hundred thousand is megabytes that the collector stops everybody for.</summary>
internal sealed class ProjectedList<T, TResult>(IReadOnlyList<T> items, Func<T, TResult> project) : IReadOnlyList<TResult>
{
    public int Count => items.Count;

    public TResult this[int index] => project(items[index]);

    public IEnumerator<TResult> GetEnumerator()
    {
        for (int i = 0; i < items.Count; i++)
            yield return project(items[i]);
    }

    IEnumerator IEnumerable.GetEnumerator() => GetEnumerator();
}
