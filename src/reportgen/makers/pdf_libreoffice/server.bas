REM Runs inside LibreOffice and converts the files that Python puts into a folder, one after the other.
REM n.docx, then an empty n.go, ask for n.pdf; an empty n.done, or n.odd with the reason, answers.
REM n.open before them says that n.docx has comments: hidden, LibreOffice 7.4 dies of it; open takes longer.
REM While nothing is asked it loads a small document, so that what is loaded once only is loaded by then.
REM It ends LibreOffice when the folder is gone or nothing was asked for ten minutes.
REM Every look for a file costs, so right after an answer it does not look: the next document takes longer.

Sub Serve
  Dim disk As Object, n As Long, idle As Long, pause As Long
  disk = CreateUnoService("com.sun.star.ucb.SimpleFileAccess")
  Say(disk, "@FOLDER@ready", "")
  n = 1
  If Not disk.exists("@FOLDER@1.go") Then Warm
  idle = 0
  Do While idle < 600000
    If disk.exists("@FOLDER@" & n & ".go") Then
      Convert(disk, "@FOLDER@" & n)
      n = n + 1
      idle = 0
      Wait 20
    Else
      pause = 5
      If idle > 20000 Then pause = 50
      Wait pause
      idle = idle + pause
      If idle Mod 1000 = 0 Then If Not disk.exists("@FOLDER@") Then Exit Do
    End If
  Loop
  StarDesktop.terminate()
End Sub

Sub Warm
  On Error GoTo Odd
  Loaded("@WARM@", True).close(True)
Odd:
End Sub

Function Loaded(url As String, hidden As Boolean) As Object
  Loaded = StarDesktop.loadComponentFromURL(url, "_blank", 0, _
    Array(Pair("Hidden", hidden), Pair("FilterName", "@IMPORT@"), Pair("MacroExecutionMode", 0)))
End Function

Sub Convert(disk As Object, stem As String)
  Dim doc As Object
  On Error GoTo Odd
  doc = Loaded(stem & ".docx", Not disk.exists(stem & ".open"))
  doc.storeToURL(stem & ".pdf", Array(Pair("FilterName", "writer_pdf_Export"), _
    Pair("FilterData", Array(@OPTIONS@))))
  doc.close(True)
  Say(disk, stem & ".done", "")
  Exit Sub
Odd:
  Say(disk, stem & ".odd", Error$)
End Sub

Sub Say(disk As Object, url As String, words As String)
  Dim text As Object
  text = CreateUnoService("com.sun.star.io.TextOutputStream")
  text.setOutputStream(disk.openFileWrite(url & ".part"))
  text.setEncoding("UTF-8")
  If words <> "" Then text.writeString(words)
  text.closeOutput()
  disk.move(url & ".part", url)
End Sub

Function Pair(key As String, value As Variant) As Variant
  Dim both As New com.sun.star.beans.PropertyValue
  both.Name = key
  both.Value = value
  Pair = both
End Function
