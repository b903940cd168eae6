using System.Globalization;
using System.Text;

namespace Capstan.WebUi.Administration;

/// <summary>What administrators take away: tables as files, and the support bundle.</summary>
internal static class AdministrationEndpoints
{
    public static void MapAdministration(this IEndpointRouteBuilder endpoints)
    {
        RouteGroupBuilder admin = endpoints.MapGroup("/admin");
        admin.AddEndpointFilter(async (context, next) =>
        {
            Administrators administrators = context.HttpContext.RequestServices.GetRequiredService<Administrators>();
            return administrators.IsAdministrator ? await next(context) : Results.Text(administrators.RefusalText, "text/plain", Encoding.UTF8, StatusCodes.Status403Forbidden);
        });
        admin.MapGet("/export/{table}.{format}", ExportAsync);
        admin.MapGet("/support-bundle", BundleAsync);
    }

    private static async Task<IResult> ExportAsync(string table, string format, CacheTables tables, HttpContext context, string? sort = null, bool desc = false, string? path = null)
    {
        if (tables.Make(table) is not { } rows || format is not ("csv" or "json"))
            return Results.Text("There is no such table: ask for a table of the cache page as .csv or .json.", "text/plain", Encoding.UTF8, StatusCodes.Status404NotFound);
        await rows.RefreshAsync(context.RequestAborted);
        rows.Arrange(sort, desc, path ?? "");
        context.Response.Headers.ContentDisposition = $"attachment; filename=\"capstan-{table}.{format}\"";
        return format == "csv"
            ? Results.Stream(stream => WriteCsvAsync(rows, stream), "text/csv; charset=utf-8")
            : Results.Stream(stream => TableFile.WriteJsonAsync(rows, stream, context.RequestAborted), "application/json");
    }

    private static IResult BundleAsync(SupportBundle bundle, AdminActions actions, TimeProvider time, HttpContext context)
    {
        actions.Note("support bundle", "");
        string day = time.GetUtcNow().ToString("yyyyMMdd-HHmmss", CultureInfo.InvariantCulture);
        context.Response.Headers.ContentDisposition = $"attachment; filename=\"capstan-support-{day}.zip\"";
        return Results.Stream(stream => bundle.WriteAsync(stream, context.RequestAborted), "application/zip");
    }

    private static async Task WriteCsvAsync(IDataTable table, Stream stream)
    {
        await using StreamWriter writer = new(stream, new UTF8Encoding(encoderShouldEmitUTF8Identifier: false), leaveOpen: true);
        await TableFile.WriteCsvAsync(table, writer);
    }
}
