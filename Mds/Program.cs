Console.WriteLine("Capstan MDS");
