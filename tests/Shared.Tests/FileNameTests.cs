using System.Text;
using Capstan.Shared;

namespace Capstan.Shared.Tests;

public sealed class FileNameTests
{
    [Theory]
    [InlineData("plain.txt", "plain.txt")]
    [InlineData("back\\slash", "back\\slash")]
    [InlineData("f\\xFF", "f\\\\xFF")]
    [InlineData("f\\\\xFF", "f\\\\\\\\xFF")]
    [InlineData("ends\\", "ends\\")]
    public void ToString_TextThatLooksEscaped_IsEscaped(string text, string shown) =>
        Assert.Equal(shown, FileName.Create(text).ToString());

    [Fact]
    public void TryParse_WhatWasShown_IsTheSameName()
    {
        Random random = new(7);
        HashSet<string> shown = [];
        HashSet<FileName> names = [];
        byte[][] pieces = [[0xFF], [0xC3], [0x28], Encoding.UTF8.GetBytes("é"), Encoding.UTF8.GetBytes("😀"), "\\"u8.ToArray(), "\\x41"u8.ToArray(), "\\xFF"u8.ToArray(), "x"u8.ToArray(), "F"u8.ToArray()];
        for (int i = 0; i < 20_000; i++)
        {
            byte[] bytes = [.. Enumerable.Range(0, random.Next(1, 8)).SelectMany(_ => pieces[random.Next(pieces.Length)])];
            FileName name = FileName.Create(bytes);
            names.Add(name);
            shown.Add(name.ToString());
            Assert.Equal(FsErrno.Ok, FileName.TryParse(name.ToString(), out FileName again));
            Assert.Equal(name, again);
        }
        Assert.Equal(names.Count, shown.Count);
    }
}
