using System.Net;
using System.Net.Http.Headers;
using System.Security.Cryptography;
using Capstan.TestKit;

namespace Capstan.Browser.Tests;

/// <summary>Uploads under a server that is killed: what counts afterwards is what is known to be right.</summary>
public sealed class UploadKilledTests
{
    [Fact]
    public async Task Killed_InTheMiddleOfAPieceWithAChecksum_WhatHadBeenCheckedCountsAndNothingElse()
    {
        const int Piece = 1_000_000;
        byte[] bytes = new byte[3 * Piece];
        new Random(3).NextBytes(bytes);
        using TempDirectory temp = new();
        Uri upload;
        await using (TusWeb web = await TusWeb.StartAsync(temp))
        {
            upload = await web.BeginAsync("big.bin", bytes.Length);
            Assert.Equal(HttpStatusCode.NoContent, (await web.AppendAsync(upload, 0, bytes[..Piece], Sum(bytes[..Piece]))).StatusCode);
            // Bytes that are not the file's: only the checksum would tell.
            byte[] damaged = [.. bytes.Skip(Piece).Take(Piece).Select(b => (byte)~b)];
            HaltingContent half = new(damaged, Piece / 2);
            Task<HttpResponseMessage> second = web.AppendAsync(upload, Piece, half, Sum(bytes[Piece..(2 * Piece)]));
            FileInfo part = new(Assert.Single(Directory.GetFiles(temp.File("data/uploads"), "*.part")));
            await Eventually.TrueAsync(() => { part.Refresh(); return part.Length > Piece; }, "a part of the piece on disk");
            Assert.Equal(Piece, await OffsetAsync(web, upload)); // Not before it has been checked.
            await web.KillAsync();
            half.BreakOff();
            await Assert.ThrowsAnyAsync<Exception>(() => second);
            part.Refresh();
            Assert.True(part.Length > Piece);
        }
        await using (TusWeb web = await TusWeb.StartAsync(temp))
        {
            Assert.Equal(Piece, await OffsetAsync(web, upload));
            Assert.Equal(HttpStatusCode.NoContent, (await web.AppendAsync(upload, Piece, bytes[Piece..(2 * Piece)], Sum(bytes[Piece..(2 * Piece)]))).StatusCode);
            Assert.Equal(2 * Piece, await OffsetAsync(web, upload));
            Assert.Equal(HttpStatusCode.NoContent, (await web.AppendAsync(upload, 2 * Piece, bytes[(2 * Piece)..])).StatusCode);
            Assert.Equal(bytes, await web.Client.GetByteArrayAsync("/download/big.bin"));
            Assert.Empty(Directory.EnumerateFiles(temp.File("data/uploads")));
        }
    }

    private static string Sum(byte[] bytes) => "sha256 " + Convert.ToBase64String(SHA256.HashData(bytes));

    private static async Task<long> OffsetAsync(TusWeb web, Uri upload)
    {
        using HttpResponseMessage head = await web.SendAsync(HttpMethod.Head, upload);
        return long.Parse(head.Headers.GetValues("Upload-Offset").Single(), System.Globalization.CultureInfo.InvariantCulture);
    }

    /// <summary>Sends the first of its bytes, and the others never.</summary>
    private sealed class HaltingContent : HttpContent
    {
        private readonly TaskCompletionSource _broken = new(TaskCreationOptions.RunContinuationsAsynchronously);
        private readonly byte[] _bytes;
        private readonly int _sent;

        public HaltingContent(byte[] bytes, int sent)
        {
            (_bytes, _sent) = (bytes, sent);
            Headers.ContentType = new MediaTypeHeaderValue("application/offset+octet-stream");
            Headers.ContentLength = bytes.Length;
        }

        public void BreakOff() => _broken.TrySetException(new IOException("The sender has gone."));

        protected override async Task SerializeToStreamAsync(Stream stream, TransportContext? context)
        {
            await stream.WriteAsync(_bytes.AsMemory(0, _sent));
            await stream.FlushAsync();
            await _broken.Task;
        }

        protected override bool TryComputeLength(out long length)
        {
            length = _bytes.Length;
            return true;
        }
    }
}
