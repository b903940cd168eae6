using Capstan.ClientGateway;
using Capstan.Shared;
using Capstan.WebUi.ViewModels;

namespace Capstan.WebUi.Tests.ViewModels;

public sealed class TextTests
{
    public static TheoryData<FsErrno> AllErrnos => [.. Enum.GetValues<FsErrno>()];

    public static TheoryData<FallbackReason> AllReasons => [.. Enum.GetValues<FallbackReason>()];

    [Theory]
    [MemberData(nameof(AllErrnos))]
    public void ErrorText_EveryErrno_HasWordsAndAWayOn(FsErrno errno)
    {
        ErrorText text = ErrorText.Of(errno);

        Assert.EndsWith(".", text.Title);
        Assert.EndsWith(".", text.Detail);
        Assert.DoesNotContain("error " + (int)errno, text.Title);
        Assert.DoesNotContain(errno == FsErrno.Ok ? "errno" : errno.ToString() + "!", text.Sentence);
    }

    [Fact]
    public void ErrorText_TwoErrnos_NeverSayTheSame() =>
        Assert.Equal(Enum.GetValues<FsErrno>().Length, Enum.GetValues<FsErrno>().Select(e => ErrorText.Of(e).Title).Distinct().Count());

    [Theory]
    [MemberData(nameof(AllReasons))]
    public void Reason_EveryFallback_HasWords(FallbackReason reason) => Assert.Contains(' ', OperationText.Reason(reason));

    [Theory]
    [InlineData(0, "0 B")]
    [InlineData(1023, "1023 B")]
    [InlineData(1536, "1.5 KiB")]
    [InlineData(10_485_760, "10 MiB")]
    [InlineData(long.MaxValue, "8 EiB")]
    public void Bytes_Sizes_AreBinary(long bytes, string text) => Assert.Equal(text, SizeText.Bytes(bytes));

    [Theory]
    [InlineData("plain", "plain")]
    [InlineData("new\nline", "new\\nline")]
    [InlineData("\u202Egpj.exe", "\\u202Egpj.exe")]
    [InlineData("\u001b[31m", "\\u001B[31m")]
    public void Visible_HiddenCharacters_AreShown(string name, string shown) => Assert.Equal(shown, NameText.Visible(name));

    [Theory]
    [InlineData(0x41EDu, "drwxr-xr-x")]
    [InlineData(0x81A4u, "-rw-r--r--")]
    [InlineData(0xA1FFu, "lrwxrwxrwx")]
    [InlineData(0x43FFu, "drwxrwxrwt")]
    [InlineData(0x89EDu, "-rwsr-xr-x")]
    public void Mode_Bits_AreShownAsLsDoes(uint mode, string text) => Assert.Equal(text, ModeText.Of(mode));

    [Fact]
    public void Relative_Moments_AreWords()
    {
        DateTimeOffset now = new(2026, 3, 10, 12, 0, 0, TimeSpan.Zero);

        Assert.Equal("just now", TimeText.Relative(now, now.AddSeconds(-5)));
        Assert.Equal("5 min ago", TimeText.Relative(now, now.AddMinutes(-5)));
        Assert.Equal("yesterday", TimeText.Relative(now, now.AddHours(-30)));
        Assert.Equal("1 Mar", TimeText.Relative(now, now.AddDays(-9)));
        Assert.Equal("10 Mar 2024", TimeText.Relative(now, now.AddYears(-2)));
    }

    /// <summary>Latin1 stands for the bytes.</summary>
    [Theory]
    [InlineData("plain.txt", "plain.txt")]
    [InlineData("back\\slash", "back\\slash")]
    [InlineData("caf\u00E9", "caf\\xE9")]
    [InlineData("new\nline", "new\\x0Aline")]
    [InlineData("\r\t\u007F", "\\x0D\\x09\\x7F")]
    [InlineData("back\\slash\nline", "back\\\\slash\\x0Aline")]
    [InlineData("\\x0A", "\\\\x0A")]
    [InlineData("caf\u00E9\n", "caf\\xE9\\x0A")]
    [InlineData("\u00C2\u0085", "\\xC2\\x85")]
    public void Editable_Name_SurvivesAFieldOfOneLine(string latin, string expected)
    {
        FileName name = FileName.Create(System.Text.Encoding.Latin1.GetBytes(latin));

        string field = NameText.Editable(name);

        Assert.Equal(expected, field);
        Assert.DoesNotContain(field, char.IsControl);
        Assert.Equal(FsErrno.Ok, FileName.TryParse(field, out FileName read));
        Assert.Equal(name, read);
    }
}
