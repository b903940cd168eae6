using Capstan.ClientGateway;
using Capstan.Shared;
using Capstan.WebUi.Hosting;
using Capstan.WebUi.ViewModels;
using Capstan.WebUi.ViewModels.Properties;
using Microsoft.AspNetCore.Components;
using Radzen;

namespace Capstan.WebUi.Components.Properties;

/// <summary>Closes with true when something was saved. Extended attributes are changed one by one, at once.</summary>
public sealed partial class PropertiesDialog : ComponentBase
{
    private PropertiesViewModel _model = null!;
    private ElementReference _cancel;
    private string _octal = "";
    private bool _octalIsWrong;
    private string _name = "";
    private string _value = "";
    private bool _busy;

    [Inject]
    private DialogService Dialogs { get; set; } = null!;

    [Inject]
    private IFileSystemClient Client { get; set; } = null!;

    [Inject]
    private ICallerProvider Identity { get; set; } = null!;

    [Inject]
    private HostNames Names { get; set; } = null!;

    [Parameter, EditorRequired]
    public IReadOnlyList<(InodeId Directory, DirectoryEntry Entry)> Items { get; set; } = [];

    /// <summary>Opens it, by whoever opens dialogs on the page.</summary>
    public static Task<object?> AskAsync(Func<string, Dictionary<string, object?>, int, Task<object?>> ask, IReadOnlyList<(InodeId Directory, DirectoryEntry Entry)> items) => ask(
        items.Count == 1 ? $"Properties of “{NameText.Of(items[0].Entry.Name)}”" : $"Properties of {SizeText.Items(items.Count)}",
        new() { [nameof(Items)] = items },
        560);

    private string Kind
    {
        get
        {
            if (_model.One is { } one)
                return one.Kind switch { FileKind.File => "File", FileKind.Directory => "Folder", FileKind.Symlink => "Symbolic link", _ => one.Kind.ToString() };
            return $"{SizeText.Items(_model.Count)}: {SizeText.Count(_model.Folders, "folder")}, {SizeText.Bytes(_model.Bytes)} in files";
        }
    }

    protected override async Task OnInitializedAsync()
    {
        _model = new PropertiesViewModel(Client, Identity.Caller, Items);
        await _model.OpenAsync();
        _octal = _model.Mode.Octal;
    }

    protected override async Task OnAfterRenderAsync(bool firstRender)
    {
        if (firstRender)
            await _cancel.FocusAsync();
    }

    private static string Named(Func<uint, string?> names, string id) => uint.TryParse(id, out uint number) && names(number) is { } name ? $"({name})" : "";

    private string Checked(uint bit) => _model.Mode[bit] switch { true => "true", false => "false", null => "mixed" };

    private string Mark(uint bit) => _model.Mode[bit] switch { true => "check_box", false => "check_box_outline_blank", null => "indeterminate_check_box" };

    private void Toggle(uint bit)
    {
        _model.Mode.Toggle(bit);
        _octal = _model.Mode.Octal;
        _octalIsWrong = false;
    }

    private void Octal() => _octalIsWrong = !_model.Mode.TrySetOctal(_octal);

    private Task ChangeXattrAsync(string name, string value) => _model.SetXattrAsync(name, value, isNew: false);

    private Task RemoveXattrAsync(byte[] name) => _model.RemoveXattrAsync(name);

    private async Task<bool> AddXattrAsync()
    {
        bool isAdded = await _model.SetXattrAsync(_name, _value, isNew: true);
        if (isAdded)
            _name = _value = "";
        return isAdded;
    }

    private async Task SaveAsync()
    {
        if (_busy || _octalIsWrong)
            return;
        _busy = true;
        try
        {
            // An attribute that was typed and not added is meant, too.
            if (_name.Length + _value.Length > 0 && !await AddXattrAsync())
                return;
            if (await _model.SaveAsync())
                Dialogs.Close(true);
        }
        finally
        {
            _busy = false;
        }
    }
}
