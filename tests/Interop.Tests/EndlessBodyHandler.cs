using System.Net;
using System.Net.Http.Headers;

namespace Capstan.Interop.Tests;

/// <summary>Answers every request with <see cref="EndlessBody"/>.</summary>
internal sealed class EndlessBodyHandler(EndlessBody body) : HttpMessageHandler
{
    protected override Task<HttpResponseMessage> SendAsync(HttpRequestMessage request, CancellationToken cancellationToken)
    {
        HttpResponseMessage response = new(HttpStatusCode.OK) { Version = HttpVersion.Version20, Content = new StreamContent(body) };
        response.Content.Headers.ContentType = new MediaTypeHeaderValue("application/grpc");
        return Task.FromResult(response);
    }
}
