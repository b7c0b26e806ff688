<?xml version="1.0" encoding="utf-8"?>
<!DOCTYPE TS>
<TS version="2.1" language="de" sourcelanguage="en">
 <context>
  <name>Signalbox</name>
  <message numerus="yes">
   <location filename="../../gui/window/drop_target.py" />
   <source>Drop to look at {n} files</source>
   <translation>
    <numerusform>Ablegen, um {n} Datei anzusehen</numerusform>
    <numerusform>Ablegen, um {n} Dateien anzusehen</numerusform>
   </translation>
  </message>
  <message>
   <location filename="../../gui/translation.py" />
   <source>Follow the system</source>
   <translation>Wie das System</translation>
  </message>
  <message>
   <location filename="../../gui/sheets/settings_sheet.py" />
   <source>From the next start on</source>
   <translation>Ab dem nächsten Start</translation>
  </message>
  <message>
   <location filename="../../gui/sheets/settings_sheet.py" />
   <source>Language</source>
   <translation>Sprache</translation>
  </message>
  <message>
   <location filename="../../gui/sheets/settings_sheet.py" />
   <source>Reduce motion</source>
   <translation>Weniger Bewegung</translation>
  </message>
 </context>
</TS>
